/// Hadoop's loggers and the modules that do their work. The first match wins, and a name also
/// stands for everything below it.
const LOGGERS: [(&str, &str); 15] = [
    ("org.apache.hadoop.hdfs.qjournal.server.JournalNodeRpcServer", "journalnode::rpc"),
    ("org.apache.hadoop.hdfs.qjournal.server.JournalNodeHttpServer", "journalnode::http"),
    ("org.apache.hadoop.hdfs.qjournal.server.GetJournalEditServlet", "journalnode::http"),
    ("org.apache.hadoop.hdfs.qjournal.server.JournalNodeSyncer", "journalnode::sync"),
    ("org.apache.hadoop.hdfs.qjournal.server.JournalNode", "journalnode::node"),
    ("org.apache.hadoop.hdfs.qjournal.server.JournaledEditsCache", "journalnode::engine::cache"),
    ("org.apache.hadoop.hdfs.qjournal.server.JNStorage", "journalnode::storage"),
    ("org.apache.hadoop.hdfs.qjournal.server.Journal", "journalnode::journal"),
    ("org.apache.hadoop.hdfs.qjournal", "journalnode"),
    ("org.apache.hadoop.hdfs.server.common", "journalnode::storage"),
    ("org.apache.hadoop.hdfs.server.namenode.TransferFsImage", "journalnode::fetch"),
    ("org.apache.hadoop.http", "journalnode::http"),
    ("org.apache.hadoop.conf", "hadoop_ipc::conf"),
    ("org.apache.hadoop.ipc", "hadoop_ipc"),
    ("org.apache.hadoop.security", "hadoop_ipc::security"),
];

/// Names that mean every logger.
const ROOTS: [&str; 5] = ["", "root", "org", "org.apache", "org.apache.hadoop"];

/// The module a logger name stands for: `None` for all of them. A name that is not Hadoop's
/// is taken as a module's own.
pub(super) fn target_of(logger: &str) -> Option<&str> {
    if ROOTS.contains(&logger) {
        return None;
    }
    let known = LOGGERS.iter().find(|(name, _)| is_within(logger, name));
    Some(known.map_or(logger, |(_, target)| target))
}

fn is_within(logger: &str, name: &str) -> bool {
    logger.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '$']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hadoops_loggers_stand_for_our_modules() {
        let server = "org.apache.hadoop.hdfs.qjournal.server";
        assert_eq!(target_of(&format!("{server}.Journal")), Some("journalnode::journal"));
        assert_eq!(target_of(&format!("{server}.JournalNode")), Some("journalnode::node"));
        assert_eq!(target_of(server), Some("journalnode"));
        assert_eq!(target_of("org.apache.hadoop.ipc.Server"), Some("hadoop_ipc"));
    }

    #[test]
    fn the_root_stands_for_everything_and_other_names_for_themselves() {
        assert_eq!(target_of("root"), None);
        assert_eq!(target_of("org.apache.hadoop"), None);
        assert_eq!(target_of("journalnode::rpc"), Some("journalnode::rpc"));
    }
}
