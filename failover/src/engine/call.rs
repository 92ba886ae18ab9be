use bytes::Bytes;

use super::SessionNo;
use crate::types::{ActiveNode, NameNodeId};

/// Something to ask for, that is answered later.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Create the ephemeral lock with this data.
    CreateLock(SessionNo, Bytes),
    /// See whose the lock is, and watch it.
    StatLock(SessionNo),
    /// Read the data of the lock.
    ReadLock(SessionNo),
    /// Read the breadcrumb.
    ReadBreadcrumb(SessionNo),
    /// Write the breadcrumb.
    WriteBreadcrumb {
        /// By this session.
        session: SessionNo,
        /// Who is about to be active.
        data: Bytes,
        /// The version to replace; none to create it.
        expected: Option<i32>,
    },
    /// Delete the breadcrumb.
    DeleteBreadcrumb {
        /// By this session.
        session: SessionNo,
        /// If it still has this version.
        version: i32,
    },
    /// Make sure that this NameNode is not active: ask whether it is standby or observer
    /// already, tell it to be standby, then its fencing methods.
    Fence {
        /// The old active, as the breadcrumb has it.
        node: ActiveNode,
        /// Also use the methods on a NameNode that answers that it is still starting.
        force_starting: bool,
    },
    /// Tell the own NameNode to be active. The shell looks at the lease once more just before.
    TransitionToActive,
    /// Tell the own NameNode to be standby.
    TransitionToStandby,
    /// Ask another controller to leave the election (`cedeActive`).
    CedeActive {
        /// Whose controller.
        peer: NameNodeId,
        /// The port that its lock shows; else the configured one.
        zkfc_port: Option<i32>,
        /// For how long; negative: come back.
        period_ms: i32,
    },
}
