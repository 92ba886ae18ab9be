use thiserror::Error;

/// Why an operation on lock or breadcrumb failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum LockFault {
    /// It is there already.
    #[error("the node exists")]
    NodeExists,
    /// It, or the parent, is not there.
    #[error("no such node")]
    NoNode,
    /// Somebody changed it since it was read.
    #[error("the node has another version")]
    BadVersion,
    /// Nobody knows whether it was done.
    #[error("the connection was lost or timed out")]
    ConnectionLoss,
    /// The session is gone.
    #[error("the session has expired")]
    SessionExpired,
    /// ZooKeeper does not take these credentials.
    #[error("authentication failed")]
    AuthFailed,
    /// The ACL does not let this controller do it.
    #[error("not allowed by the ACL")]
    NoAuth,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
