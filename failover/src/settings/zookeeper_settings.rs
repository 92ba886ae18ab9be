use std::time::Duration;

use super::TlsFiles;
use crate::lock::{AclEntry, AuthEntry};

/// How ZooKeeper is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZooKeeperSettings {
    /// `ha.zookeeper.quorum`: `host:port,…`, perhaps with a path below which all is kept.
    pub quorum: String,
    /// How long a session may be out of contact; the ensemble has the last word.
    pub session_timeout: Duration,
    /// Path of the znode of the nameservice.
    pub parent: String,
    /// Who may do what with the znodes.
    pub acl: Vec<AclEntry>,
    /// Credentials, in the order in which they are given.
    pub auth: Vec<AuthEntry>,
    /// How often a request without an answer is sent again.
    pub operation_retries: u32,
    /// Certificates, where TLS is asked for.
    pub tls: Option<TlsFiles>,
}
