use std::time::Duration;

use hadoop_ipc::client::HowClosed;

use super::HealthSettings;
use crate::types::Health;

/// A reset may be forged on the way, and so may the refusal after it; a firewall that is being
/// reloaded does both for some milliseconds. So after a reset the refusal is asked for twice.
const PAUSE_AFTER_RESET: Duration = Duration::from_millis(200);
/// Connections that break one after the other without a whole look in between. A dying process
/// may accept once more before its listening socket is gone, so one is not the end of it.
const MAX_BREAKS: u32 = 3;

/// Decides how a NameNode is, from what its controller saw. Pure: it says what to do next.
///
/// The rule of fast detection. Two things together are proof that the process is gone, and are
/// believed at once: the connection that was in use was closed by the server's system (an end
/// of stream), and the same address then refuses a connect. Neither alone is enough:
/// - A server may close a connection and live on. Then it accepts the next one, and a whole look
///   decides.
/// - A full listen queue drops connects, or (`tcp_abort_on_overflow`) resets them after they
///   were accepted; it never refuses them, and it leaves open connections alone.
/// - A firewall may refuse connects in the server's name, and reset connections; it does not end
///   streams. So a reset needs a second refusal, a moment later.
/// - A refused connect with nothing before it may be a server that restarts: as in Java, one
///   more try a second later.
///
/// A NameNode that restarts is gone like any other: whatever comes next at its address starts
/// as standby. One that is silent is never taken for gone before the limit of its call: garbage
/// collection looks the same.
#[derive(Debug)]
pub(super) struct HealthWatch {
    settings: HealthSettings,
    health: Health,
    /// Connections that broke since the last whole look.
    breaks: u32,
    /// Refused connects since the last whole look.
    refusals: u32,
    /// The break that is being looked into.
    broken: Option<(HowClosed, String)>,
}

/// What the controller saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Both calls were answered well.
    Passed,
    /// It answers that it is not well.
    Unhealthy(String),
    /// The look failed.
    Failed(Failure, String),
    /// The connection ended between two looks.
    Disconnected(HowClosed, String),
    /// A bare connect to the address that the broken connection led to.
    Probed(Probe),
}

/// How a look failed, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The connect was refused.
    Refused,
    /// The connection broke under the call.
    Broken(HowClosed),
    /// Anything else: it proves nothing, and there is no answer.
    Other,
}

/// What became of a bare connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    Refused,
    Accepted,
    /// It did not end in time, or failed in another way.
    Unclear,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// What is settled now, and why; `None` while it is being looked into.
    pub(super) settled: Option<Settled>,
    pub(super) then: Then,
}

/// A conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) health: Health,
    pub(super) changed: bool,
    pub(super) why: String,
}

/// The next thing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// A whole look, after this pause.
    Look(Duration),
    /// A bare connect, after this pause.
    Probe(Duration),
}

impl HealthWatch {
    pub(super) fn new(settings: HealthSettings) -> Self {
        let (breaks, refusals) = (0, 0);
        Self { settings, health: Health::Initializing, breaks, refusals, broken: None }
    }

    /// One step.
    pub(super) fn step(&mut self, seen: Seen) -> Next {
        match seen {
            Seen::Passed => self.answered(Health::Healthy, String::new()),
            Seen::Unhealthy(why) => self.answered(Health::Unhealthy, why),
            Seen::Failed(Failure::Refused, why) => self.refused(why),
            Seen::Failed(Failure::Broken(how), why) => self.broke(how, why),
            Seen::Failed(Failure::Other, why) => self.gone(why),
            // It ended as it should: this side had no use for it.
            Seen::Disconnected(HowClosed::Here, _) => look_now(),
            Seen::Disconnected(how, why) => self.broke(how, why),
            Seen::Probed(probe) => self.probed(probe),
        }
    }

    fn answered(&mut self, health: Health, why: String) -> Next {
        let then = Then::Look(self.settings.check_interval);
        self.settle(health, why, then)
    }

    fn gone(&mut self, why: String) -> Next {
        let then = Then::Look(self.settings.sleep_after_disconnect);
        self.settle(Health::NotResponding, why, then)
    }

    fn settle(&mut self, health: Health, why: String, then: Then) -> Next {
        let changed = std::mem::replace(&mut self.health, health) != health;
        (self.breaks, self.refusals, self.broken) = (0, 0, None);
        Next { settled: Some(Settled { health, changed, why }), then }
    }

    /// Was it answering until now?
    fn was_up(&self) -> bool {
        matches!(self.health, Health::Healthy | Health::Unhealthy)
    }

    fn refused(&mut self, why: String) -> Next {
        self.refusals += 1;
        if self.health == Health::NotResponding || self.refusals > self.settings.connect_retries {
            return self.gone(why);
        }
        Next { settled: None, then: Then::Look(self.settings.connect_retry_interval) }
    }

    fn broke(&mut self, how: HowClosed, why: String) -> Next {
        self.breaks += 1;
        if !self.was_up() || self.breaks > MAX_BREAKS {
            return self.gone(why);
        }
        self.broken = Some((how, why));
        Next { settled: None, then: Then::Probe(Duration::ZERO) }
    }

    fn probed(&mut self, probe: Probe) -> Next {
        match (probe, self.broken.take()) {
            (Probe::Refused, Some((HowClosed::HungUp, why))) => self.proven(&why),
            (Probe::Refused, Some((_, why))) if self.refusals > 0 => self.proven(&why),
            (Probe::Refused, Some(broken)) => {
                self.refusals += 1;
                self.broken = Some(broken);
                Next { settled: None, then: Then::Probe(PAUSE_AFTER_RESET) }
            }
            _ => look_now(),
        }
    }

    fn proven(&mut self, why: &str) -> Next {
        self.gone(format!("{why}, and its address refuses connections: the process is gone"))
    }
}

fn look_now() -> Next {
    Next { settled: None, then: Then::Look(Duration::ZERO) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> HealthWatch {
        HealthWatch::new(HealthSettings::default())
    }

    /// One that was healthy a moment ago.
    fn healthy() -> HealthWatch {
        let mut watch = watch();
        watch.step(Seen::Passed);
        watch
    }

    fn failed(how: Failure) -> Seen {
        Seen::Failed(how, "why".to_owned())
    }

    fn disconnected(how: HowClosed) -> Seen {
        Seen::Disconnected(how, "why".to_owned())
    }

    fn health(next: &Next) -> Option<(Health, bool)> {
        next.settled.as_ref().map(|settled| (settled.health, settled.changed))
    }

    const SECOND: Duration = Duration::from_secs(1);
    const GONE: Option<(Health, bool)> = Some((Health::NotResponding, true));

    #[test]
    fn fc_081_an_answer_is_followed_by_a_pause() {
        let mut watch = watch();
        let first = watch.step(Seen::Passed);
        assert_eq!(health(&first), Some((Health::Healthy, true)));
        let second = watch.step(Seen::Passed);
        assert_eq!(health(&second), Some((Health::Healthy, false)));
        assert_eq!(second.then, Then::Look(SECOND));
    }

    #[test]
    fn fc_082_not_well_is_an_answer() {
        let mut watch = healthy();
        let next = watch.step(Seen::Unhealthy("disk".to_owned()));
        assert_eq!(health(&next), Some((Health::Unhealthy, true)));
        assert_eq!(next.settled.unwrap().why, "disk");
    }

    #[test]
    fn fc_083_no_answer_is_not_responding_at_once() {
        assert_eq!(health(&healthy().step(failed(Failure::Other))), GONE);
        assert_eq!(health(&watch().step(failed(Failure::Other))), GONE);
    }

    #[test]
    fn fc_084_it_recovers_with_the_next_answer() {
        let mut watch = healthy();
        watch.step(failed(Failure::Other));
        assert_eq!(health(&watch.step(Seen::Passed)), Some((Health::Healthy, true)));
    }

    #[test]
    fn fc_086_a_refusal_that_nothing_explains_is_asked_for_twice() {
        for mut watch in [watch(), healthy()] {
            let first = watch.step(failed(Failure::Refused));
            assert_eq!((first.settled, first.then), (None, Then::Look(SECOND)));
            assert_eq!(health(&watch.step(failed(Failure::Refused))), GONE);
            let again = watch.step(failed(Failure::Refused));
            assert_eq!(health(&again), Some((Health::NotResponding, false)));
        }
    }

    #[test]
    fn an_end_of_stream_and_a_refusal_are_proof() {
        for broken in [disconnected(HowClosed::HungUp), failed(Failure::Broken(HowClosed::HungUp))]
        {
            let mut watch = healthy();
            let next = watch.step(broken);
            assert_eq!((next.settled, next.then), (None, Then::Probe(Duration::ZERO)));
            let next = watch.step(Seen::Probed(Probe::Refused));
            assert_eq!(health(&next), GONE);
            assert!(next.settled.unwrap().why.contains("the process is gone"));
        }
    }

    #[test]
    fn a_reset_needs_a_second_refusal() {
        let mut watch = healthy();
        watch.step(disconnected(HowClosed::Reset));
        let next = watch.step(Seen::Probed(Probe::Refused));
        assert_eq!((next.settled, next.then), (None, Then::Probe(PAUSE_AFTER_RESET)));
        assert_eq!(health(&watch.step(Seen::Probed(Probe::Refused))), GONE);
    }

    #[test]
    fn a_firewall_that_lets_through_again_changes_nothing() {
        let mut watch = healthy();
        watch.step(disconnected(HowClosed::Reset));
        watch.step(Seen::Probed(Probe::Refused));
        let next = watch.step(Seen::Probed(Probe::Accepted));
        assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
        assert_eq!(health(&watch.step(Seen::Passed)), Some((Health::Healthy, false)));
    }

    #[test]
    fn a_server_that_hangs_up_and_lives_on_stays_healthy() {
        let mut watch = healthy();
        watch.step(disconnected(HowClosed::HungUp));
        let next = watch.step(Seen::Probed(Probe::Accepted));
        assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
        assert_eq!(health(&watch.step(Seen::Passed)), Some((Health::Healthy, false)));
    }

    #[test]
    fn a_dying_process_may_accept_once_more() {
        let mut watch = healthy();
        watch.step(disconnected(HowClosed::HungUp));
        watch.step(Seen::Probed(Probe::Accepted));
        let next = watch.step(failed(Failure::Broken(HowClosed::Reset)));
        assert_eq!((next.settled, next.then), (None, Then::Probe(Duration::ZERO)));
        watch.step(Seen::Probed(Probe::Refused));
        assert_eq!(health(&watch.step(Seen::Probed(Probe::Refused))), GONE);
    }

    #[test]
    fn a_server_that_only_breaks_connections_is_not_responding() {
        let mut watch = healthy();
        for _ in 0..MAX_BREAKS {
            let next = watch.step(failed(Failure::Broken(HowClosed::Reset)));
            assert_eq!(next.settled, None);
            watch.step(Seen::Probed(Probe::Accepted));
        }
        assert_eq!(health(&watch.step(failed(Failure::Broken(HowClosed::Reset)))), GONE);
    }

    #[test]
    fn a_full_listen_queue_is_no_proof() {
        // The connect is dropped: the look that follows has the limit of a call.
        let mut watch = healthy();
        watch.step(disconnected(HowClosed::HungUp));
        let next = watch.step(Seen::Probed(Probe::Unclear));
        assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
    }

    #[test]
    fn an_unused_connection_that_this_side_closes_is_no_sign() {
        let next = healthy().step(disconnected(HowClosed::Here));
        assert_eq!((next.settled, next.then), (None, Then::Look(Duration::ZERO)));
    }

    #[test]
    fn one_that_never_answered_gets_no_second_chance() {
        let next = watch().step(failed(Failure::Broken(HowClosed::HungUp)));
        assert_eq!(health(&next), GONE);
        assert_eq!(next.then, Then::Look(SECOND));
    }
}
