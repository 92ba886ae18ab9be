use std::time::Duration;

use super::{
    Answer, CallNo, LockFault, OwnerId, RequestNo, SessionEvent, SessionNo, Stop, Time, Timer,
};
use crate::types::{Health, NameNodeId, ServiceState};

/// What happened.
///
/// Before each event the shell gives [`Event::Contact`] if the ensemble has answered since, and
/// it gives [`Event::Tick`] at least every sixth of the session timeout: the engine takes a
/// longer silence for a stall of the whole process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A session is there. Start-up opens [`SessionNo::FIRST`] and gives it first.
    SessionOpened {
        /// Which.
        session: SessionNo,
        /// What its znodes show as owner.
        owner: OwnerId,
        /// As negotiated.
        timeout: Duration,
        /// When the ensemble last confirmed it; older than now if this process stood still.
        contact: Time,
        /// It is the one of the process before, which may hold the lock.
        resumed: bool,
    },
    /// A session could not be opened.
    SessionNotOpened {
        /// Which.
        session: SessionNo,
        /// Why.
        fault: LockFault,
    },
    /// The ensemble has confirmed the session: what the lease counts from.
    Contact {
        /// Which.
        session: SessionNo,
        /// When the request left that was answered.
        at: Time,
    },
    /// A session or its watch tells something.
    Session(SessionNo, SessionEvent),
    /// A call was answered.
    Answered(CallNo, Answer),
    /// The own NameNode's health is another than before.
    Health(Health),
    /// Nobody watches the own NameNode any more.
    HealthMonitorFailed(String),
    /// The own NameNode said what it is. Given at every check, before the health.
    Reported(ServiceState),
    /// `cedeActive`.
    CedeActive {
        /// Whom to answer.
        request: RequestNo,
        /// For how long to stay out; zero or less: come back.
        period_ms: i32,
        /// Who asks, from where.
        caller: String,
    },
    /// `gracefulFailover`.
    GracefulFailover {
        /// Whom to answer.
        request: RequestNo,
        /// Who asks, from where.
        caller: String,
    },
    /// A timer that was set.
    Timer(Timer),
    /// Time passes.
    Tick,
    /// Take no part in what happens until told.
    Pause {
        /// Who asks.
        caller: String,
    },
    /// Take part again.
    Resume {
        /// Who asks.
        caller: String,
    },
    /// A person vouches that this old active is gone.
    ConfirmFenced {
        /// Whom to answer.
        request: RequestNo,
        /// The old active.
        node: NameNodeId,
        /// Who vouches.
        caller: String,
    },
    /// Stop the process.
    Stop(Stop),
}
