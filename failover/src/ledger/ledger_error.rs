use thiserror::Error;

use crate::lock::LockError;

/// Why something could not be kept, or not be found out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// The znode of the nameservice is not there.
    #[error("{parent} is not in ZooKeeper: run `zkfc-rs -formatZK` once, on one NameNode host")]
    NotFormatted {
        /// Its path.
        parent: String,
    },
    /// ZooKeeper did not do it, or did not answer.
    #[error("cannot {what} {path} in ZooKeeper: {source}")]
    Znode {
        /// What was to be done with it.
        what: &'static str,
        /// Its path.
        path: String,
        /// Why not.
        source: LockError,
    },
    /// Others wrote all the time.
    #[error("{path} is written by others all the time; try again")]
    Contended {
        /// Its path.
        path: String,
    },
    /// The breadcrumb that a confirmation is for is not there any more.
    #[error("the breadcrumb was written or deleted meanwhile; look at it again before you vouch")]
    BreadcrumbChanged,
}

impl LedgerError {
    /// ZooKeeper was out of reach: the same may be done in a later session.
    pub fn is_lost_contact(&self) -> bool {
        use LockError::{ConnectionLoss, SessionExpired};
        matches!(self, Self::Znode { source: ConnectionLoss | SessionExpired, .. })
    }
}
