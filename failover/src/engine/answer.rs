use bytes::Bytes;

use super::{Breadcrumb, Fault, FenceOutcome, LockFault, OwnerId};

/// What came back of a [`Call`](super::Call).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Of `CreateLock`.
    LockCreated(Result<(), LockFault>),
    /// Of `StatLock`: whose it is, or nobody's.
    LockOwner(Result<Option<OwnerId>, LockFault>),
    /// Of `ReadLock`.
    LockData(Result<Option<Bytes>, LockFault>),
    /// Of `ReadBreadcrumb`.
    Breadcrumb(Result<Option<Breadcrumb>, LockFault>),
    /// Of `WriteBreadcrumb`.
    BreadcrumbWritten(Result<(), LockFault>),
    /// Of `DeleteBreadcrumb`.
    BreadcrumbDeleted(Result<(), LockFault>),
    /// Of `Fence`.
    Fence(FenceOutcome),
    /// Of `TransitionToActive` and `TransitionToStandby`: done, or why not.
    Transition(Result<(), String>),
    /// Of `CedeActive`.
    Ceded(Result<(), Fault>),
}
