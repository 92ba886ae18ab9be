use thiserror::Error;

/// Why a request to the ensemble gave no answer, or not the one that was hoped for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockError {
    /// It is there already.
    #[error("it exists already")]
    NodeExists,
    /// It is not there. For a creation: its parent is not there.
    #[error("there is no such znode")]
    NoNode,
    /// It was written since the version that the request names.
    #[error("it was changed by somebody else")]
    BadVersion,
    /// No answer. The request may or may not have been carried out, or may still be.
    #[error("no answer from ZooKeeper")]
    ConnectionLoss,
    /// The session is over; [`SessionEvent`](super::SessionEvent) says so too.
    #[error("the session is over")]
    SessionExpired,
    /// The ensemble does not take our credentials.
    #[error("ZooKeeper does not take the credentials of ha.zookeeper.auth")]
    AuthFailed,
    /// The ACL of a znode does not let us.
    #[error(
        "the ACL of the znode does not allow it: check ha.zookeeper.acl and ha.zookeeper.auth, and \
         `getAcl` in zkCli"
    )]
    NoAuth,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl LockError {
    /// Whether the same request may do better a moment later.
    pub fn is_worth_a_retry(&self) -> bool {
        matches!(self, Self::ConnectionLoss)
    }
}
