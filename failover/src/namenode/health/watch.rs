use std::time::Duration;

use hadoop_ipc::client::HowClosed;

use super::HealthSettings;
use super::next::{Next, Settled, Then};
use super::seen::{Failure, Probe, Seen};
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
#[path = "watch_tests.rs"]
mod tests;
