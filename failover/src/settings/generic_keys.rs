use hadoop_ipc::conf::nameservices::suffixed_key;
use hadoop_ipc::conf::{ConfError, Configuration};

use super::keys;
use crate::types::NameNodeId;

/// Where a promoted value comes from, for messages.
const SOURCE: &str = "its key with a suffix";

/// Keys that each NameNode may have a value of its own for (`NameNode.NAMENODE_SPECIFIC_KEYS`).
const OF_NAMENODES: [&str; 26] = [
    keys::RPC_ADDRESS,
    keys::RPC_BIND_HOST,
    "dfs.namenode.name.dir",
    "dfs.namenode.edits.dir",
    "dfs.namenode.shared.edits.dir",
    "dfs.namenode.checkpoint.dir",
    "dfs.namenode.checkpoint.edits.dir",
    keys::LIFELINE_RPC_ADDRESS,
    "dfs.namenode.lifeline.rpc-bind-host",
    keys::SERVICE_RPC_ADDRESS,
    keys::SERVICE_RPC_BIND_HOST,
    keys::HTTP_ADDRESS,
    keys::HTTPS_ADDRESS,
    "dfs.namenode.http-bind-host",
    "dfs.namenode.https-bind-host",
    "dfs.namenode.keytab.file",
    "dfs.namenode.secondary.http-address",
    "dfs.namenode.secondary.https-address",
    "dfs.secondary.namenode.keytab.file",
    "dfs.namenode.backup.address",
    "dfs.namenode.backup.http-address",
    "dfs.namenode.backup.dnrpc-address",
    keys::KERBEROS_PRINCIPAL,
    "dfs.namenode.kerberos.internal.spnego.principal",
    keys::FENCING_METHODS,
    keys::ZKFC_PORT,
];

/// Keys that each controller may have a value of its own for
/// (`ZKFailoverController.ZKFC_CONF_KEYS`).
const OF_CONTROLLERS: [&str; 5] =
    [keys::QUORUM, keys::SESSION_TIMEOUT, keys::PARENT_ZNODE, keys::ACL, keys::AUTH];

/// The configuration as one NameNode sees it: its own values under the plain keys
/// (`NameNode.initializeGenericKeys`).
pub(super) fn promoted(conf: &Configuration, id: &NameNodeId) -> Result<Configuration, ConfError> {
    let mut own = conf.clone();
    own.set(keys::NAMESERVICE_ID, &id.nameservice, SOURCE);
    own.set(keys::NAMENODE_ID, &id.namenode, SOURCE);
    for key in OF_NAMENODES {
        promote(conf, &mut own, key, id, Some(&id.namenode))?;
    }
    promote(conf, &mut own, keys::AUTOMATIC_FAILOVER, id, None)?;
    if let Some(address) = own.string(keys::RPC_ADDRESS)? {
        own.set(keys::DEFAULT_FS, &format!("hdfs://{address}"), SOURCE);
    }
    Ok(own)
}

/// As [`promoted`], with what only controllers have.
pub(super) fn promoted_for_controller(
    conf: &Configuration,
    id: &NameNodeId,
) -> Result<Configuration, ConfError> {
    let mut own = promoted(conf, id)?;
    for key in OF_CONTROLLERS {
        promote(conf, &mut own, key, id, Some(&id.namenode))?;
    }
    Ok(own)
}

fn promote(
    conf: &Configuration,
    own: &mut Configuration,
    key: &str,
    id: &NameNodeId,
    namenode: Option<&str>,
) -> Result<(), ConfError> {
    let special = suffixed_key(key, Some(&id.nameservice), namenode);
    let general = suffixed_key(key, Some(&id.nameservice), None);
    let value = match conf.string(&special)? {
        Some(value) => Some(value),
        None => conf.string(&general)?,
    };
    if let Some(value) = value {
        own.set(key, &value, SOURCE);
    }
    Ok(())
}
