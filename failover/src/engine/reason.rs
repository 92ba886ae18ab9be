use std::time::Duration;

use super::{CallNo, Leaving, LockFault, OwnerId, SessionNo};
use crate::types::{ActiveNode, Health, NameNodeId, ServiceState};

/// What was decided and why. Its text (`reason_text.rs`) is the line of the log that an
/// operator reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A session is there.
    SessionOpened {
        /// Its id.
        owner: OwnerId,
        /// As negotiated.
        timeout: Duration,
        /// Left by the process before.
        resumed: bool,
    },
    /// No session.
    SessionNotOpened {
        /// Why.
        fault: LockFault,
        /// The next try.
        again_in: Duration,
    },
    /// The connection is gone.
    Disconnected,
    /// The connection is back.
    Reconnected,
    /// The session is gone.
    Expired,
    /// Something of an older session.
    StaleSession(SessionNo),
    /// An answer that nobody waits for.
    StaleAnswer(CallNo),
    /// Another health.
    HealthChanged {
        /// Before.
        from: Health,
        /// Now.
        to: Health,
    },
    /// Into the election.
    Joining,
    /// In the election already.
    AlreadyJoined,
    /// Well, but not to join yet.
    JoinDelayed {
        /// For how long.
        left: Duration,
    },
    /// Observers do not join.
    ObserverStaysOut,
    /// Not before the NameNode has said what it is.
    StateUnknown,
    /// Out of the election.
    Leaving {
        /// Why.
        why: Leaving,
        /// The next winner fences this node.
        fence: bool,
    },
    /// A deferred quit could not delete the breadcrumb.
    BreadcrumbKept(String),
    /// The breadcrumb is deleted: nobody needs to fence this node.
    BreadcrumbDeleted,
    /// The lock is ours since now.
    LockTaken,
    /// The lock turned out to be ours.
    LockOurs,
    /// Somebody else has it.
    LockElsewhere,
    /// Nobody has it.
    LockFree,
    /// It cannot be seen now who has it.
    LockUnknown {
        /// Why.
        fault: LockFault,
        /// The next try.
        again_in: Duration,
    },
    /// Others go first.
    Flapping {
        /// Activations within the window.
        recent: usize,
        /// How long they have.
        wait: Duration,
    },
    /// Nobody was active.
    NoBreadcrumb,
    /// This node was active last.
    OwnBreadcrumb {
        /// Its bytes are not those that would be written now.
        differs: bool,
    },
    /// Another node was active last.
    ForeignBreadcrumb(ActiveNode),
    /// The breadcrumb names no node that is configured.
    BadBreadcrumb {
        /// What does not fit.
        mismatch: String,
        /// The next try.
        again_in: Duration,
    },
    /// The old active is gone.
    Fenced {
        /// Which.
        node: ActiveNode,
        /// What did it.
        by: String,
    },
    /// The old active is none.
    Harmless {
        /// Which.
        node: ActiveNode,
        /// What it is.
        state: ServiceState,
    },
    /// The old active is starting.
    StillStarting {
        /// Which.
        node: ActiveNode,
        /// Force is used after this.
        patience: Duration,
    },
    /// Nothing proved that the old active is gone.
    NotFenced {
        /// Which.
        node: ActiveNode,
        /// Why.
        why: String,
        /// So many in a row.
        attempts: u32,
    },
    /// The failover waits for a person.
    Stuck {
        /// The old active.
        node: ActiveNode,
        /// Since the first failure.
        stuck_for: Duration,
        /// Fencings that failed.
        attempts: u32,
    },
    /// Fencing was given up.
    FencingAborted(ActiveNode),
    /// A person vouched for it.
    Confirmed {
        /// The old active.
        node: NameNodeId,
        /// Who.
        caller: String,
    },
    /// Evidence stands in for fencing.
    Evident {
        /// The old active.
        node: ActiveNode,
    },
    /// The breadcrumb is about to name this node.
    WritingBreadcrumb,
    /// The breadcrumb could not be read or written.
    BreadcrumbFailed(LockFault),
    /// The own NameNode is told to be active.
    Activating,
    /// It is.
    Activated {
        /// Since the lock was ours.
        took: Duration,
    },
    /// It is not.
    ActivationFailed(String),
    /// The lock may not be ours any more.
    LeaseOut,
    /// The lock was lost while the NameNode became active.
    LostWhileActivating,
    /// The own NameNode is told to be standby.
    Demoting,
    /// It is.
    Demoted,
    /// It did not say so.
    NotDemoted(String),
    /// Joins again later.
    Rejoining {
        /// When.
        wait: Duration,
    },
    /// The whole process stood still.
    Stalled {
        /// For so long.
        gap: Duration,
    },
    /// The NameNode is not what it was told to be.
    Mismatch {
        /// What it was told.
        expected: ServiceState,
        /// What it says.
        reported: ServiceState,
        /// Whether it is the second time.
        again: bool,
    },
    /// `cedeActive`.
    CedeAsked {
        /// Who.
        caller: String,
        /// For how long.
        period_ms: i32,
    },
    /// `gracefulFailover`.
    FailoverAsked {
        /// Who.
        caller: String,
    },
    /// It was active already.
    FailoverNotNeeded,
    /// Others are asked to cede.
    AskingToCede {
        /// The active.
        active: NameNodeId,
        /// How many others.
        others: usize,
    },
    /// One of the others cannot.
    PeerNotCeded {
        /// Which.
        peer: NameNodeId,
        /// Why.
        why: String,
    },
    /// The way is free.
    ActiveCeded(NameNodeId),
    /// It is over.
    FailoverEnded(Result<(), String>),
    /// No part in what happens.
    Paused {
        /// Who.
        caller: String,
    },
    /// Part in it again.
    Resumed {
        /// Who.
        caller: String,
    },
    /// Nothing is done while paused.
    IdleWhilePaused,
    /// The process is to end.
    Stopping {
        /// The NameNode is active and another is to take over.
        hand_over: bool,
    },
    /// Not within the time.
    StopTimedOut,
    /// The session stays for the next process.
    Detached,
    /// The process cannot go on.
    Fatal(String),
}
