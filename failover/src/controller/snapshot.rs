use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::timeline::Timeline;
use super::{lease, recorder::Recorder};
use crate::engine::{ElectorState, Status};
use crate::http::{ControllerStatus, Counters, FailoverSummary, SessionStatus, StuckFencing};
use crate::lock::LockSession;
use crate::types::{ActiveNode, Health, NameNodeId, ServiceState};

/// How the controller stood after its last step.
pub(super) struct Snapshot {
    pub(super) own: NameNodeId,
    pub(super) taken: Instant,
    pub(super) status: Status,
    pub(super) session: Option<(Arc<dyn LockSession>, Instant)>,
    pub(super) lock_owner: Option<ActiveNode>,
    pub(super) health_reason: String,
    pub(super) stuck_reason: String,
    /// When this controller last wrote the breadcrumb.
    pub(super) breadcrumb_written: Option<Instant>,
    pub(super) counters: Counters,
    /// The latest first.
    pub(super) failovers: Vec<FailoverSummary>,
}

/// The newest snapshot, for whoever asks.
#[derive(Clone)]
pub(super) struct Latest(Arc<Mutex<Snapshot>>);

impl Latest {
    pub(super) fn new(own: NameNodeId) -> Self {
        Self(Arc::new(Mutex::new(Snapshot {
            own,
            taken: Instant::now(),
            status: initial(),
            session: None,
            lock_owner: None,
            health_reason: String::new(),
            stuck_reason: String::new(),
            breadcrumb_written: None,
            counters: Counters::default(),
            failovers: Vec::new(),
        })))
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut snapshot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        snapshot.taken = Instant::now();
        change(&mut snapshot);
    }

    pub(super) fn page(&self) -> ControllerStatus {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).page()
    }
}

impl Snapshot {
    pub(super) fn note_failovers(&mut self, recorder: &Recorder) {
        self.counters = recorder.counters;
        if self.failovers.first().map(|last| last.at_ms)
            != recorder.timelines.last().map(|last| last.record.at_ms)
        {
            self.failovers = recorder.timelines.iter().rev().map(summary).collect();
        }
    }

    fn page(&self) -> ControllerStatus {
        let since = self.taken.elapsed();
        let status = &self.status;
        ControllerStatus {
            namenode: self.own.clone(),
            elector: elector(status),
            in_election: status.in_election,
            paused: status.paused,
            session: self.session.as_ref().map(|(session, opened)| SessionStatus {
                id: session.id().to_string(),
                connected: status.connected,
                age_seconds: opened.elapsed().as_secs_f64(),
                lease_remaining_seconds: lease::left(session.as_ref(), Instant::now())
                    .as_secs_f64(),
            }),
            lock_owner: self.lock_owner.clone(),
            health: status.health,
            health_reason: self.health_reason.clone(),
            service_state: status.service_state,
            reported_state: status.reported,
            delay_remaining_seconds: status.delay_left.saturating_sub(since).as_secs_f64(),
            stuck_fencing: self.stuck(since),
            breadcrumb_age_seconds: self.breadcrumb_age(),
            failovers: self.failovers.clone(),
            counters: self.counters,
        }
    }

    /// Only while it is active the breadcrumb is certainly its own.
    fn breadcrumb_age(&self) -> Option<f64> {
        let is_ours = self.status.elector == ElectorState::Active;
        let written = self.breadcrumb_written.filter(|_| is_ours)?;
        Some(written.elapsed().as_secs_f64())
    }

    fn stuck(&self, since: Duration) -> Option<StuckFencing> {
        let stuck = self.status.stuck.as_ref()?;
        Some(StuckFencing {
            target: stuck.node.clone(),
            since_seconds: (stuck.stuck_for + since).as_secs_f64(),
            attempts: stuck.attempts,
            reason: self.stuck_reason.clone(),
            what_to_do: format!(
                "make sure that it is not running (power it off), then run `zkfc-rs \
                 confirm-fenced {}`",
                stuck.node.id.namenode
            ),
        })
    }
}

/// Before the first step.
fn initial() -> Status {
    Status {
        elector: ElectorState::Init,
        in_election: false,
        session: None,
        connected: false,
        health: Health::Initializing,
        service_state: ServiceState::Initializing,
        reported: None,
        delay_left: Duration::ZERO,
        paused: false,
        stuck: None,
        recent_activations: 0,
    }
}

fn elector(status: &Status) -> &'static str {
    match status.elector {
        ElectorState::Init => "INIT",
        ElectorState::Active => "ACTIVE",
        ElectorState::Standby => "STANDBY",
        ElectorState::Neutral => "NEUTRAL",
    }
}

fn summary(timeline: &Timeline) -> FailoverSummary {
    let record = &timeline.record;
    FailoverSummary {
        at_ms: record.at_ms,
        from: record.from.as_ref().map(ToString::to_string),
        to: record.to.to_string(),
        reason: record.why.clone(),
        fenced_by: timeline.fenced_by.clone(),
        seconds: Duration::from_millis(record.phases.total_ms).as_secs_f64(),
        ok: record.outcome.is_activated(),
    }
}
