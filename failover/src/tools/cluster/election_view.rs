use std::time::Duration;

use crate::ledger::{Confirmation, FailoverRecord, Paused};
use crate::lock::zookeeper::{ElectionPaths, Znode};
use crate::lock::{AclEntry, SessionId};
use crate::types::ActiveNode;

/// What ZooKeeper holds of an election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectionView {
    /// Where it is.
    pub paths: ElectionPaths,
    /// What a session is given that asks for what is configured.
    pub negotiated_timeout: Duration,
    /// Whether the znode of the nameservice is there.
    pub is_formatted: bool,
    /// The lock, if it is held.
    pub lock: Option<Named>,
    /// The breadcrumb, if there is one.
    pub breadcrumb: Option<Named>,
    /// A pause, if there is one.
    pub paused: Option<Paused>,
    /// The word of a person, if it was not used yet.
    pub confirmation: Option<Confirmation>,
    /// The last failover that is known.
    pub last_failover: Option<FailoverRecord>,
    /// Who may do what, for each znode that is there.
    pub acls: Vec<(String, Vec<AclEntry>)>,
}

/// A znode that names a NameNode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whom it names, else what is wrong with it.
    pub node: Result<ActiveNode, String>,
    /// Counts its writes.
    pub version: i32,
    /// The transaction that wrote it.
    pub mzxid: i64,
    /// When that was, in milliseconds since 1970.
    pub written_ms: u64,
    /// The session it lives with, for a lock.
    pub session: Option<SessionId>,
}

impl Named {
    pub(super) fn of(znode: &Znode) -> Self {
        Self {
            node: ActiveNode::decode(&znode.data).map_err(|error| error.to_string()),
            version: znode.version,
            mzxid: znode.mzxid,
            written_ms: znode.mtime_ms,
            session: znode.owner,
        }
    }

    /// Whom it names, for people.
    pub fn text(&self) -> String {
        self.node.as_ref().map_or_else(Clone::clone, ToString::to_string)
    }
}
