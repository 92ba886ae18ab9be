//! How HDFS spreads a setting over nameservices and NameNodes: `key`, `key.NS`, `key.NS.NN`.
//!
//! Java: `DFSUtil`, `DFSUtilClient`, `HAUtil`, and for the shared edits
//! `JournalNodeSyncer.getOtherJournalNodeAddrs`.

use super::configuration::Configuration;
use super::error::ConfError;
use super::host_port::HostPort;
use super::qjournal_uri::{QuorumJournalUri, QuorumJournalUriError};

const NAMESERVICES: &str = "dfs.nameservices";
const INTERNAL_NAMESERVICES: &str = "dfs.internal.nameservices";
const SHARED_EDITS_DIR: &str = "dfs.namenode.shared.edits.dir";
const NAMENODE_RPC_ADDRESS: &str = "dfs.namenode.rpc-address";

/// Port of a NameNode's RPC address that names none. Java: `DFS_NAMENODE_RPC_PORT_DEFAULT`.
pub const NAMENODE_RPC_PORT: u16 = 8020;

/// One NameNode of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameNodeAddress {
    /// Its nameservice; none in a cluster without nameservices.
    pub nameservice: Option<String>,
    /// Its id within the nameservice; none without high availability.
    pub namenode: Option<String>,
    /// Where it serves RPC; not resolved.
    pub address: HostPort,
}

/// Why the shared edits of a nameservice cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum SharedEditsError {
    /// A value that cannot be read at all.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// The NameNodes of one nameservice are told different places.
    #[error(
        "{SHARED_EDITS_DIR}.{nameservice}.* differs between the NameNodes of {nameservice}: {found:?}"
    )]
    Differing {
        /// The nameservice.
        nameservice: String,
        /// The values found, one per NameNode; none where a NameNode has no value.
        found: Vec<Option<String>>,
    },
    /// The value is no `qjournal://` address.
    #[error("{SHARED_EDITS_DIR}: {0}")]
    Uri(#[from] QuorumJournalUriError),
}

/// All nameservices the files know.
pub fn nameservices(conf: &Configuration) -> Result<Vec<String>, ConfError> {
    conf.strings(NAMESERVICES)
}

/// The nameservices this cluster itself serves: `dfs.internal.nameservices`, else all.
pub fn internal_nameservices(conf: &Configuration) -> Result<Vec<String>, ConfError> {
    let internal = conf.strings(INTERNAL_NAMESERVICES)?;
    if internal.is_empty() { nameservices(conf) } else { Ok(internal) }
}

/// The ids of the NameNodes of a nameservice; empty without high availability.
pub fn namenode_ids(conf: &Configuration, nameservice: &str) -> Result<Vec<String>, ConfError> {
    conf.strings(&suffixed_key("dfs.ha.namenodes", Some(nameservice), None))
}

/// `key.NS.NN`, `key.NS`, `key.NN` or `key`: a missing or empty suffix leaves no dot.
pub fn suffixed_key(key: &str, nameservice: Option<&str>, namenode: Option<&str>) -> String {
    let suffixes =
        [nameservice, namenode].into_iter().flatten().filter(|suffix| !suffix.is_empty());
    suffixes.fold(key.to_owned(), |key, suffix| format!("{key}.{suffix}"))
}

/// The most special of `key.NS.NN`, `key.NS` and `key` that is set, as a key to read.
/// Java promotes the special values onto the plain key: `DFSUtil.setGenericConf`.
pub fn effective_key(
    conf: &Configuration,
    key: &str,
    nameservice: &str,
    namenode: Option<&str>,
) -> String {
    let special = suffixed_key(key, Some(nameservice), namenode);
    let general = suffixed_key(key, Some(nameservice), None);
    let set = [special, general].into_iter().find(|candidate| conf.raw(candidate).is_some());
    set.unwrap_or_else(|| key.to_owned())
}

/// The RPC address of every NameNode that has one, in the order of the files.
/// Java: `DFSUtilClient.getAddresses`.
pub fn namenode_rpc_addresses(conf: &Configuration) -> Result<Vec<NameNodeAddress>, ConfError> {
    let mut found = Vec::new();
    for nameservice in or_none(nameservices(conf)?) {
        let ids = namenode_ids(conf, nameservice.as_deref().unwrap_or_default())?;
        for namenode in or_none(ids) {
            let key =
                suffixed_key(NAMENODE_RPC_ADDRESS, nameservice.as_deref(), namenode.as_deref());
            if let Some(address) = conf.optional_address(&key, NAMENODE_RPC_PORT)? {
                found.push(NameNodeAddress { nameservice: nameservice.clone(), namenode, address });
            }
        }
    }
    Ok(found)
}

/// The ids, or a single "none" where there are none. Java: `emptyAsSingletonNull`.
fn or_none(ids: Vec<String>) -> Vec<Option<String>> {
    if ids.is_empty() { vec![None] } else { ids.into_iter().map(Some).collect() }
}

/// Where the shared edits of a nameservice are: `dfs.namenode.shared.edits.dir`, else the same
/// with `.NS`, else the one value that all of its `.NS.NN` agree on. `None`: nowhere.
pub fn shared_edits_dir(
    conf: &Configuration,
    nameservice: Option<&str>,
) -> Result<Option<String>, SharedEditsError> {
    let read = |key: String| Ok::<_, ConfError>(conf.trimmed(&key)?.filter(|v| !v.is_empty()));
    if let Some(plain) = read(SHARED_EDITS_DIR.to_owned())? {
        return Ok(Some(plain));
    }
    let Some(nameservice) = nameservice else { return Ok(None) };
    if let Some(own) = read(suffixed_key(SHARED_EDITS_DIR, Some(nameservice), None))? {
        return Ok(Some(own));
    }
    let mut found: Vec<Option<String>> = Vec::new();
    for namenode in namenode_ids(conf, nameservice)? {
        found.push(read(suffixed_key(SHARED_EDITS_DIR, Some(nameservice), Some(&namenode)))?);
    }
    common_value(nameservice, found)
}

fn common_value(
    nameservice: &str,
    found: Vec<Option<String>>,
) -> Result<Option<String>, SharedEditsError> {
    if found.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(SharedEditsError::Differing { nameservice: nameservice.to_owned(), found });
    }
    Ok(found.into_iter().next().flatten())
}

/// [`shared_edits_dir`] read as a `qjournal://` address.
pub fn shared_journal(
    conf: &Configuration,
    nameservice: Option<&str>,
) -> Result<Option<QuorumJournalUri>, SharedEditsError> {
    let dir = shared_edits_dir(conf, nameservice)?;
    Ok(dir.map(|dir| QuorumJournalUri::parse(&dir)).transpose()?)
}

#[cfg(test)]
mod tests {
    use crate::conf::Environment;

    use super::*;

    fn conf(pairs: &[(&str, &str)]) -> Configuration {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        conf
    }

    #[test]
    fn internal_nameservices_win_over_all() {
        let mut conf = conf(&[("dfs.nameservices", "a, b ,far")]);
        assert_eq!(internal_nameservices(&conf).unwrap(), ["a", "b", "far"]);
        conf.set("dfs.internal.nameservices", "a,b", "test");
        assert_eq!(internal_nameservices(&conf).unwrap(), ["a", "b"]);
        assert_eq!(nameservices(&conf).unwrap(), ["a", "b", "far"]);
    }

    #[test]
    fn the_most_special_key_that_is_set_is_read() {
        let key = "dfs.ha.zkfc.port";
        let mut conf = conf(&[(key, "1")]);
        assert_eq!(effective_key(&conf, key, "ns", Some("nn1")), key);
        conf.set("dfs.ha.zkfc.port.ns", "2", "test");
        assert_eq!(effective_key(&conf, key, "ns", Some("nn1")), "dfs.ha.zkfc.port.ns");
        conf.set("dfs.ha.zkfc.port.ns.nn1", "3", "test");
        assert_eq!(effective_key(&conf, key, "ns", Some("nn1")), "dfs.ha.zkfc.port.ns.nn1");
        assert_eq!(effective_key(&conf, key, "ns", Some("nn2")), "dfs.ha.zkfc.port.ns");
    }

    #[test]
    fn shared_edits_are_looked_up_from_plain_to_special() {
        let uri = "qjournal://n1/j";
        let mut conf = conf(&[
            ("dfs.ha.namenodes.ns", "nn1,nn2"),
            ("dfs.namenode.shared.edits.dir.ns.nn1", uri),
            ("dfs.namenode.shared.edits.dir.ns.nn2", uri),
        ]);
        assert_eq!(shared_edits_dir(&conf, None).unwrap(), None);
        assert_eq!(shared_edits_dir(&conf, Some("ns")).unwrap().as_deref(), Some(uri));
        assert_eq!(shared_edits_dir(&conf, Some("other")).unwrap(), None);
        conf.set("dfs.namenode.shared.edits.dir.ns.nn2", "qjournal://n2/j", "test");
        let error = shared_edits_dir(&conf, Some("ns")).unwrap_err();
        assert!(matches!(error, SharedEditsError::Differing { .. }));
        conf.set("dfs.namenode.shared.edits.dir.ns", "qjournal://n3/j", "test");
        assert_eq!(shared_journal(&conf, Some("ns")).unwrap().unwrap().journal_id, "j");
        conf.set("dfs.namenode.shared.edits.dir", " qjournal://n4/k ", "test");
        assert_eq!(
            shared_edits_dir(&conf, Some("ns")).unwrap().as_deref(),
            Some("qjournal://n4/k")
        );
        conf.set("dfs.namenode.shared.edits.dir", "file:///x", "test");
        assert!(matches!(shared_journal(&conf, None), Err(SharedEditsError::Uri(_))));
    }

    #[test]
    fn a_cluster_without_nameservices_has_one_namenode() {
        let conf = conf(&[("dfs.namenode.rpc-address", "nn:9000")]);
        let found = namenode_rpc_addresses(&conf).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].nameservice.as_deref(), found[0].address.port), (None, 9000));
    }
}
