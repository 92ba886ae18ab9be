use super::Finding;
use crate::settings::{NameserviceSettings, ZooKeeperSettings};
use crate::types::NameNodeId;

const AREA: &str = "configuration";

/// What the files say, for every NameNode and its controller.
pub(super) fn check(settings: &NameserviceSettings, local: Option<&NameNodeId>) -> Vec<Finding> {
    let mut findings = vec![here(settings, local)];
    findings.push(automatic_failover(settings));
    findings.extend(namenodes(settings));
    findings.extend(zookeeper(settings));
    findings
}

fn here(settings: &NameserviceSettings, local: Option<&NameNodeId>) -> Finding {
    match local.filter(|id| id.nameservice == settings.name) {
        Some(id) => Finding::good(AREA, "this host", format!("runs {id}")),
        None => Finding::good(
            AREA,
            "this host",
            format!("runs no NameNode of {}; seen from outside", settings.name),
        ),
    }
}

fn automatic_failover(settings: &NameserviceSettings) -> Finding {
    const KEY: &str = "dfs.ha.automatic-failover.enabled";
    let off: Vec<_> = settings
        .automatic_failover
        .iter()
        .filter(|(_, on)| !matches!(on, Ok(true)))
        .map(|(id, _)| id.namenode.as_str())
        .collect();
    match off.as_slice() {
        [] => Finding::good(AREA, KEY, "true"),
        off => Finding::bad(
            AREA,
            KEY,
            format!("off for {}", off.join(", ")),
            "set it to true in hdfs-site.xml of all NameNodes and controllers, and restart both",
        ),
    }
}

fn namenodes(settings: &NameserviceSettings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, namenode) in &settings.namenodes {
        match namenode {
            Err(error) => findings.push(Finding::bad(
                AREA,
                id,
                error,
                "correct the value; all NameNodes and controllers read the same files",
            )),
            Ok(namenode) => {
                findings.push(Finding::good(AREA, id, format!("at {}", namenode.service_address)));
                if namenode.fencing_methods.is_none() {
                    findings.push(Finding::bad(
                        AREA,
                        format!("dfs.ha.fencing.methods of {}", id.namenode),
                        "not set",
                        "set it, for example to sshfence, with \
                         dfs.ha.fencing.ssh.private-key-files: no controller starts without",
                    ));
                }
            }
        }
    }
    findings
}

/// All controllers must meet at one lock.
fn zookeeper(settings: &NameserviceSettings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut first: Option<(&NameNodeId, &ZooKeeperSettings)> = None;
    for (id, zookeeper) in &settings.zookeeper {
        match (zookeeper, first) {
            (Err(error), _) => findings.push(Finding::bad(
                AREA,
                format!("ZooKeeper for {}", id.namenode),
                error,
                "correct the value; without it the controller does not start",
            )),
            (Ok(zookeeper), None) => first = Some((id, zookeeper)),
            (Ok(zookeeper), Some((other, its))) => {
                let (mine, theirs) = (meeting_point(zookeeper), meeting_point(its));
                if mine.0 != theirs.0 {
                    findings.push(Finding::bad(
                        AREA,
                        "ha.zookeeper.quorum",
                        format!("{} for {id}, and {} for {other}", mine.1, theirs.1),
                        "name the same ensemble and parent znode for all: controllers that do \
                         not meet at one lock make two actives",
                    ));
                }
            }
        }
    }
    if let Some((_, zookeeper)) = first.filter(|_| findings.is_empty()) {
        let found = format!("{} at {}", zookeeper.parent, zookeeper.quorum);
        findings.push(Finding::good(AREA, "ha.zookeeper.quorum", found));
    }
    findings
}

/// The servers in any order, and the path, that decide which lock it is; and how it is written.
fn meeting_point(settings: &ZooKeeperSettings) -> (Vec<&str>, String) {
    let (servers, chroot) =
        settings.quorum.split_once('/').unwrap_or((settings.quorum.as_str(), ""));
    let mut all: Vec<_> = servers.split(',').collect();
    all.sort_unstable();
    all.extend([chroot, settings.parent.as_str()]);
    (all, format!("{} below {}", settings.parent, settings.quorum))
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::{Configuration, Environment};

    use super::*;
    use crate::tools::doctor::Verdict;

    const GOOD: [(&str, &str); 7] = [
        ("dfs.nameservices", "ns"),
        ("dfs.ha.namenodes.ns", "nn1,nn2"),
        ("dfs.namenode.rpc-address.ns.nn1", "nn01:8020"),
        ("dfs.namenode.rpc-address.ns.nn2", "nn02:8020"),
        ("dfs.ha.automatic-failover.enabled", "true"),
        ("dfs.ha.fencing.methods", "sshfence"),
        ("ha.zookeeper.quorum", "node1:2181,node2:2181"),
    ];

    fn findings(more: &[(&str, &str)]) -> Vec<Finding> {
        let mut conf = Configuration::empty(Environment::empty());
        GOOD.iter().chain(more).for_each(|(key, value)| conf.set(key, value, "test"));
        check(&NameserviceSettings::all(&conf).unwrap()[0], None)
    }

    /// The one bad finding.
    fn only_bad(more: &[(&str, &str)]) -> Finding {
        let mut bad = findings(more);
        bad.retain(|finding| finding.verdict == Verdict::Bad);
        assert_eq!(bad.len(), 1, "{bad:?}");
        bad.remove(0)
    }

    #[test]
    fn a_good_configuration_is_good() {
        let found = findings(&[("ha.zookeeper.quorum.ns.nn2", "node2:2181,node1:2181")]);
        assert!(found.iter().all(|finding| finding.verdict == Verdict::Good), "{found:?}");
    }

    #[test]
    fn each_fault_is_named_with_its_fix() {
        let off = only_bad(&[("dfs.ha.automatic-failover.enabled", "false")]);
        assert_eq!(off.found, "off for nn1, nn2");
        let unfenced = only_bad(&[("dfs.ha.fencing.methods.ns.nn2", " ")]);
        assert_eq!(unfenced.subject, "dfs.ha.fencing.methods of nn2");
        let apart = only_bad(&[("ha.zookeeper.quorum.ns.nn2", "node3:2181")]);
        assert!(apart.remedy.unwrap().contains("two actives"));
        let nowhere = only_bad(&[("dfs.namenode.rpc-address.ns.nn2", "")]);
        assert_eq!(nowhere.subject, "ns/nn2");
    }
}
