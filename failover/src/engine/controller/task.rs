use super::activation::Activation;
use crate::engine::{CallNo, RequestNo};

/// What has the elector for itself. Joins, quits and cedes wait until it ends, as they wait for
/// Java's lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Task {
    /// From the lock to an active NameNode.
    Activate(Activation),
    /// The own NameNode is told to be standby, and that is all.
    Demote(CallNo),
    /// The own NameNode is told to be standby before the lock is given back.
    HandOver(CallNo, After),
    /// The breadcrumb is read, to be deleted.
    ReadOwnBreadcrumb(CallNo, After),
    /// The breadcrumb is deleted.
    DeleteBreadcrumb(CallNo, After),
}

/// What comes after the lock was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum After {
    /// An answer to the one who asked to cede, and this long out of the election.
    Cede { request: RequestNo, period_ms: i32 },
    /// The end of the process.
    Stop,
}
