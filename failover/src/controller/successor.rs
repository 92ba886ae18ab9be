use std::sync::Arc;

use bytes::Bytes;
use tracing::{info, warn};

use super::faults;
use super::namenodes::NameNodes;
use crate::engine::{Answer, LockFault};
use crate::lock::{LockError, LockSession};
use crate::types::ServiceState;

/// Takes the lock; also from the process before this one, if that left it behind.
///
/// A controller that was killed, or that left its session on purpose, still holds the lock until
/// the session expires. Java's next process sees a lock of somebody else, tells its own active
/// NameNode to be standby, and there is no active until the expiry. Here the lock moves to the
/// new process in one transaction, and the NameNode stays active, if all of this holds:
///
/// - The lock names this NameNode and the RPC port of this process, byte for byte. Whoever wrote
///   that had this port bound, so it is not running any more: this process has it bound now.
/// - The breadcrumb names this NameNode, so whoever wins next fences it.
/// - The NameNode says that it is active: nobody has fenced it since.
/// - The lock is marked: its holder wrote it twice. A fresh lock, which another node may have
///   taken between the look and the transaction, has version 0, and the transaction fails. If
///   that node has marked its own already, it had written the breadcrumb before, and the
///   transaction fails for the version of that.
///
/// So the transaction never takes a lock from another node, and whoever read the breadcrumb
/// before it can no longer write it. What follows is what follows on any lock: the breadcrumb is
/// read, written and the NameNode told to be active, which it is. If another node was faster,
/// it fences this one as ever.
pub(super) struct Successor {
    pub(super) session: Arc<dyn LockSession>,
    pub(super) namenodes: Arc<NameNodes>,
    pub(super) data: Bytes,
}

impl Successor {
    pub(super) async fn run(self) -> Answer {
        let created = self.session.create_lock(self.data.clone()).await;
        if created != Err(LockError::NodeExists) {
            return Answer::LockCreated(created.map_err(faults::of_lock));
        }
        Answer::LockCreated(match self.take_over().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(LockFault::NodeExists),
            // It may be ours: whose it is is looked at before the NameNode is told anything.
            Err(LockError::ConnectionLoss) => Err(LockFault::ConnectionLoss),
            Err(error) => {
                warn!("cannot take the lock over from the process before: {error}");
                Err(LockFault::NodeExists)
            }
        })
    }

    async fn take_over(&self) -> Result<bool, LockError> {
        let lock = self.session.read_lock().await?;
        let breadcrumb = self.session.read_breadcrumb().await?;
        let Some(breadcrumb) = breadcrumb.filter(|found| found.data == self.data) else {
            return Ok(false);
        };
        if lock.as_ref() != Some(&self.data) || !self.is_active().await {
            return Ok(false);
        }
        let data = self.data.clone();
        match self.session.take_over(data, breadcrumb.version).await {
            Ok(()) => {
                info!("took the lock over from the process before; the NameNode stays active");
                Ok(true)
            }
            Err(LockError::BadVersion | LockError::NoNode) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn is_active(&self) -> bool {
        self.namenodes.own_state().await == Some(ServiceState::Active)
    }
}

/// Marks the lock, so that the next process can take it over. Without the mark it costs a
/// failover.
pub(super) async fn mark(session: Arc<dyn LockSession>, data: Bytes) {
    match session.mark_lock(data).await {
        // Marked before, or lost since: then its loss is told.
        Ok(()) | Err(LockError::BadVersion | LockError::NoNode) => {}
        Err(error) => warn!("the lock is not marked for the next process: {error}"),
    }
}
