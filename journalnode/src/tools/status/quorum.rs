use hadoop_ipc::conf::nameservices::{SharedEditsError, internal_nameservices, shared_journal};
use hadoop_ipc::conf::{Configuration, QuorumJournalUri};

/// The JournalNodes of one journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Whose edits they are; none in a cluster without nameservices. JournalNodes may keep each
    /// nameservice in a directory of its own, so they are asked with it.
    pub nameservice: Option<String>,
    /// Who and what.
    pub uri: QuorumJournalUri,
}

/// Every quorum of the configuration, in the order of its nameservices.
pub fn quorums(conf: &Configuration) -> Result<Vec<Quorum>, SharedEditsError> {
    let mut nameservices: Vec<_> = internal_nameservices(conf)?.into_iter().map(Some).collect();
    if nameservices.is_empty() {
        nameservices.push(None);
    }
    let mut found: Vec<Quorum> = Vec::new();
    for nameservice in nameservices {
        let Some(uri) = shared_journal(conf, nameservice.as_deref())? else { continue };
        // The journal is by convention named after its nameservice.
        let is_own = nameservice.as_deref() == Some(uri.journal_id.as_str());
        match found.iter_mut().find(|quorum| quorum.uri == uri) {
            Some(known) if is_own => known.nameservice = nameservice,
            Some(_) => {}
            None => found.push(Quorum { nameservice, uri }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Vec<(Option<String>, String)> {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        let found = quorums(&conf).unwrap().into_iter();
        found.map(|quorum| (quorum.nameservice, quorum.uri.to_string())).collect()
    }

    const KEY: &str = "dfs.namenode.shared.edits.dir";

    #[test]
    fn each_nameservice_has_its_quorum() {
        let (a, b) = ("qjournal://n1:1;n2:1/a", "qjournal://n3:1/b");
        let (key_a, key_b) = (format!("{KEY}.a"), format!("{KEY}.b"));
        let found = of(&[("dfs.nameservices", "a,b,c"), (&key_a, a), (&key_b, b)]);
        assert_eq!(found, [(Some("a".into()), a.into()), (Some("b".into()), b.into())]);
    }

    #[test]
    fn one_quorum_of_several_nameservices_is_asked_once() {
        let uri = "qjournal://n1:1/b";
        let found = of(&[("dfs.nameservices", "a,b"), (KEY, uri)]);
        assert_eq!(found, [(Some("b".into()), uri.into())]);
        assert_eq!(of(&[(KEY, uri)]), [(None, uri.into())]);
        assert_eq!(of(&[]), []);
    }
}
