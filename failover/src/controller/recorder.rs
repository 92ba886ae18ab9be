use std::time::Duration;

use super::timeline::Timeline;
use crate::engine::{Reason, Time};
use crate::http::Counters;
use crate::ledger::{FailoverRecord, Outcome, Phases};
use crate::types::NameNodeId;

/// Timelines that are kept in memory.
const MAX_TIMELINES: usize = 32;

/// Draws the timeline of each failover, and counts, from what the engine says it decides.
pub(super) struct Recorder {
    own: NameNodeId,
    /// The host of this controller.
    host: String,
    pub(super) counters: Counters,
    /// The newest last.
    pub(super) timelines: Vec<Timeline>,
    /// What may become the beginning of one.
    sign: Option<(Time, String)>,
    running: Option<Running>,
}

struct Running {
    why: String,
    begun: Time,
    locked: Time,
    from: Option<NameNodeId>,
    fenced: Option<Time>,
    written: Option<Time>,
    fencing: Option<String>,
    fenced_by: Option<String>,
}

impl Recorder {
    pub(super) fn new(own: NameNodeId, host: String) -> Self {
        let counters = Counters::default();
        Self { own, host, counters, timelines: Vec::new(), sign: None, running: None }
    }

    /// What was tried to fence the old active.
    pub(super) fn note_fencing(&mut self, tried: String) {
        if let Some(running) = &mut self.running {
            running.fencing = Some(tried);
        }
    }

    /// A decision; and the timeline that it ends. `wall_ms` is the time in milliseconds since
    /// 1970.
    pub(super) fn note(&mut self, now: Time, wall_ms: u64, reason: &Reason) -> Option<Timeline> {
        self.count(reason);
        match reason {
            Reason::LockFree | Reason::Joining | Reason::FailoverAsked { .. } => {
                if self.running.is_none() {
                    // The first sign counts: a join follows a lock that became free.
                    let text = reason.to_string();
                    self.sign.get_or_insert((now, text));
                }
                None
            }
            Reason::LockElsewhere | Reason::Leaving { .. } => {
                self.sign = None;
                None
            }
            Reason::LockTaken | Reason::LockOurs => {
                self.begin(now, reason);
                None
            }
            _ => self.go_on(now, wall_ms, reason),
        }
    }

    fn begin(&mut self, now: Time, reason: &Reason) {
        let (begun, why) = self.sign.take().unwrap_or_else(|| (now, reason.to_string()));
        self.running = Some(Running {
            why,
            begun,
            locked: now,
            from: None,
            fenced: None,
            written: None,
            fencing: None,
            fenced_by: None,
        });
    }

    fn go_on(&mut self, now: Time, wall_ms: u64, reason: &Reason) -> Option<Timeline> {
        let running = self.running.as_mut()?;
        match reason {
            Reason::OwnBreadcrumb { .. } => running.from = Some(self.own.clone()),
            Reason::ForeignBreadcrumb(node) => running.from = Some(node.id.clone()),
            Reason::Fenced { by, .. } => running.fenced_by = Some(by.clone()),
            Reason::Harmless { state, .. } => running.fenced_by = Some(format!("being {state}")),
            Reason::Confirmed { caller, .. } => {
                running.fenced_by = Some(format!("the word of {caller}"));
            }
            Reason::WritingBreadcrumb => running.fenced = Some(now),
            Reason::Activating => running.written = Some(now),
            Reason::Activated { .. } => return self.end(now, wall_ms, Outcome::Activated),
            Reason::BadBreadcrumb { .. }
            | Reason::StillStarting { .. }
            | Reason::NotFenced { .. }
            | Reason::FencingAborted(_)
            | Reason::BreadcrumbFailed(_)
            | Reason::LeaseOut
            | Reason::ActivationFailed(_)
            | Reason::LostWhileActivating
            | Reason::Stalled { .. }
            | Reason::Expired
            | Reason::Fatal(_) => {
                return self.end(now, wall_ms, Outcome::Failed(reason.to_string()));
            }
            _ => {}
        }
        None
    }

    fn end(&mut self, now: Time, wall_ms: u64, outcome: Outcome) -> Option<Timeline> {
        let running = self.running.take()?;
        let ms =
            |from: Time, to: Time| u64::try_from(to.since(from).as_millis()).unwrap_or(u64::MAX);
        let part = |from: Option<Time>, to: Option<Time>| Some(ms(from?, to.unwrap_or(now)));
        let record = FailoverRecord {
            at_ms: wall_ms,
            from: running.from,
            to: self.own.clone(),
            why: running.why,
            outcome,
            by: self.host.clone(),
            phases: Phases {
                lock_ms: Some(ms(running.begun, running.locked)),
                fence_ms: part(Some(running.locked), running.fenced),
                breadcrumb_ms: part(running.fenced, running.written),
                transition_ms: part(running.written, None),
                total_ms: ms(running.begun, now),
            },
            fencing: running.fencing,
        };
        let timeline = Timeline { record, fenced_by: running.fenced_by };
        if self.timelines.len() == MAX_TIMELINES {
            self.timelines.remove(0);
        }
        self.timelines.push(timeline.clone());
        Some(timeline)
    }

    fn count(&mut self, reason: &Reason) {
        let counters = &mut self.counters;
        let counter = match reason {
            Reason::Activated { .. } => &mut counters.activations,
            Reason::ActivationFailed(_) => &mut counters.failed_activations,
            Reason::Fenced { .. } => &mut counters.fencings,
            Reason::NotFenced { .. } => &mut counters.failed_fencings,
            Reason::CedeAsked { .. } => &mut counters.cedes,
            Reason::FailoverAsked { .. } => &mut counters.graceful_failovers,
            Reason::Expired => &mut counters.expired_sessions,
            Reason::HealthChanged { .. } => &mut counters.health_changes,
            Reason::Mismatch { again: true, .. } => &mut counters.state_mismatches,
            _ => return,
        };
        *counter += 1;
    }
}

/// Milliseconds since 1970 of the clock on the wall.
pub(super) fn wall_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or(Duration::ZERO).as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ActiveNode;

    fn at(ms: u64) -> Time {
        Time::from_start(Duration::from_millis(ms))
    }

    fn nn2() -> ActiveNode {
        let id = NameNodeId::new("ns1", "nn2");
        ActiveNode { id, hostname: "h".to_owned(), port: 8020, zkfc_port: 8019 }
    }

    fn told(steps: &[(u64, Reason)]) -> Vec<Timeline> {
        let mut recorder = Recorder::new(NameNodeId::new("ns1", "nn1"), "host1".to_owned());
        for (ms, reason) in steps {
            recorder.note(at(*ms), *ms, reason);
        }
        recorder.timelines
    }

    #[test]
    fn the_phases_add_up_to_the_whole() {
        let by = "sshfence".to_owned();
        let took = Duration::ZERO;
        let timelines = told(&[
            (100, Reason::LockFree),
            (110, Reason::LockTaken),
            (120, Reason::ForeignBreadcrumb(nn2())),
            (420, Reason::Fenced { node: nn2(), by }),
            (420, Reason::WritingBreadcrumb),
            (430, Reason::Activating),
            (900, Reason::Activated { took }),
        ]);
        let [timeline] = timelines.as_slice() else { panic!("{timelines:?}") };
        let Phases { lock_ms, fence_ms, breadcrumb_ms, transition_ms, total_ms, .. } =
            timeline.record.phases;
        let parts = [lock_ms, fence_ms, breadcrumb_ms, transition_ms];
        assert_eq!(parts, [Some(10), Some(310), Some(10), Some(470)]);
        assert_eq!(total_ms, 800);
        assert_eq!(timeline.record.from, Some(nn2().id));
        assert_eq!(timeline.fenced_by.as_deref(), Some("sshfence"));
        assert_eq!(timeline.record.outcome, Outcome::Activated);
        assert_eq!(timeline.record.why, "nobody holds the lock");
        assert_eq!(
            timeline.to_string(),
            "failover from ns1/nn2 to ns1/nn1 done in 800 ms: lock 10 ms, fencing 310 ms, \
             breadcrumb 10 ms, transition 470 ms, because nobody holds the lock"
        );
    }

    #[test]
    fn a_failed_fencing_ends_it_in_that_phase() {
        let why = "no route".to_owned();
        let timelines = told(&[
            (0, Reason::LockTaken),
            (10, Reason::ForeignBreadcrumb(nn2())),
            (500, Reason::NotFenced { node: nn2(), why, attempts: 1 }),
        ]);
        let [timeline] = timelines.as_slice() else { panic!("{timelines:?}") };
        assert_eq!(timeline.record.phases.fence_ms, Some(500));
        assert_eq!(timeline.record.phases.transition_ms, None);
        let outcome = &timeline.record.outcome;
        assert!(matches!(outcome, Outcome::Failed(why) if why.contains("no route")));
        assert!(timeline.repeats(&timeline.record));
    }

    #[test]
    fn a_lost_race_is_no_failover() {
        let timelines = told(&[(0, Reason::LockFree), (5, Reason::LockElsewhere)]);
        assert!(timelines.is_empty());
    }

    #[test]
    fn timelines_do_not_pile_up() {
        let took = Duration::ZERO;
        let one = [(0, Reason::LockTaken), (1, Reason::Activated { took })];
        let steps: Vec<_> = one.iter().cycle().take(2 * (MAX_TIMELINES + 5)).cloned().collect();
        assert_eq!(told(&steps).len(), MAX_TIMELINES);
    }
}
