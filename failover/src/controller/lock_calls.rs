use std::sync::Arc;

use bytes::Bytes;

use super::faults;
use crate::engine::{Answer, Breadcrumb, LockFault, OwnerId};
use crate::lock::{LockError, LockSession};

/// One request about lock or breadcrumb.
pub(super) enum LockCall {
    Create(Bytes),
    Stat,
    Read,
    ReadBreadcrumb,
    WriteBreadcrumb(Bytes, Option<i32>),
    DeleteBreadcrumb(i32),
}

impl LockCall {
    pub(super) async fn run(self, session: Arc<dyn LockSession>) -> Answer {
        match self {
            Self::Create(data) => Answer::LockCreated(fault(session.create_lock(data).await)),
            Self::Stat => {
                let owner = fault(session.stat_lock().await);
                Answer::LockOwner(owner.map(|owner| owner.map(|owner| OwnerId(owner.session.0))))
            }
            Self::Read => Answer::LockData(fault(session.read_lock().await)),
            Self::ReadBreadcrumb => {
                let read = fault(session.read_breadcrumb().await);
                Answer::Breadcrumb(read.map(|breadcrumb| {
                    breadcrumb.map(|found| Breadcrumb { data: found.data, version: found.version })
                }))
            }
            Self::WriteBreadcrumb(data, expected) => {
                Answer::BreadcrumbWritten(fault(session.write_breadcrumb(data, expected).await))
            }
            Self::DeleteBreadcrumb(version) => {
                Answer::BreadcrumbDeleted(fault(session.delete_breadcrumb(version).await))
            }
        }
    }

    /// The answer when the session is gone already.
    pub(super) fn without_session(self) -> Answer {
        let gone = LockFault::SessionExpired;
        match self {
            Self::Create(_) => Answer::LockCreated(Err(gone)),
            Self::Stat => Answer::LockOwner(Err(gone)),
            Self::Read => Answer::LockData(Err(gone)),
            Self::ReadBreadcrumb => Answer::Breadcrumb(Err(gone)),
            Self::WriteBreadcrumb(..) => Answer::BreadcrumbWritten(Err(gone)),
            Self::DeleteBreadcrumb(_) => Answer::BreadcrumbDeleted(Err(gone)),
        }
    }
}

fn fault<T>(result: Result<T, LockError>) -> Result<T, LockFault> {
    result.map_err(faults::of_lock)
}
