use std::time::Duration;

use super::Controller;
use crate::engine::{Leaving, Reason, Timer};
use crate::types::{Health, ServiceState};

/// How long a node stays out after its NameNode was not what it was told to be.
const MISMATCH_DELAY: Duration = Duration::from_secs(1);

impl Controller {
    pub(super) fn take_health(&mut self, health: Health) {
        if health == self.health {
            return;
        }
        self.say(Reason::HealthChanged { from: self.health, to: health });
        self.health = health;
        if matches!(health, Health::Unhealthy | Health::NotResponding) {
            self.failover_not_healthy();
        }
        if health == Health::NotResponding {
            // It may come back as something else.
            self.reported = None;
        }
        self.recheck();
    }

    /// In the election or out of it, as the health is (`recheckElectability`).
    pub(super) fn recheck(&mut self) {
        if self.paused {
            return self.say(Reason::IdleWhilePaused);
        }
        if let Some(until) = self.delay_until.filter(|until| self.now < *until) {
            if self.health == Health::Healthy {
                self.say(Reason::JoinDelayed { left: until.since(self.now) });
            }
            return self.set_timer(Timer::Recheck, until);
        }
        self.delay_until = None;
        match self.health {
            Health::Healthy => self.recheck_healthy(),
            bad => {
                self.quit(Leaving::Health(bad));
                self.service_state = ServiceState::Initializing;
            }
        }
    }

    /// Java lets a node join before it knows that its NameNode is an observer; with a free lock
    /// it then fences the last active and cannot become active itself.
    fn recheck_healthy(&mut self) {
        if self.service_state == ServiceState::Observer {
            return self.say(Reason::ObserverStaysOut);
        }
        match self.reported {
            None => self.say(Reason::StateUnknown),
            Some(ServiceState::Observer) => {
                self.service_state = ServiceState::Observer;
                self.say(Reason::ObserverStaysOut);
            }
            Some(_) => {
                self.quit_on_bad_state = false;
                self.join_election();
            }
        }
    }

    /// What the NameNode says it is, at each check (`verifyChangedServiceState`). What it says
    /// while it is being told otherwise does not count. An observer that has won the lock gives it
    /// up before it fences or promises anything: its NameNode would refuse to be active.
    pub(super) fn take_report(&mut self, reported: ServiceState) {
        self.reported = Some(reported);
        if reported == ServiceState::Observer && self.is_clearing_the_way() {
            self.stop_activation();
            return self.is_observer();
        }
        if self.task.is_some() || self.paused || self.stopping.is_some() {
            return;
        }
        let told = self.service_state;
        match reported {
            ServiceState::Observer if told != ServiceState::Observer => self.is_observer(),
            _ if told == ServiceState::Initializing => {
                if self.quit_on_bad_state || self.waits_for_report() {
                    self.recheck();
                }
            }
            _ if reported == told => self.mismatched = false,
            _ => self.mismatch(told, reported),
        }
    }

    /// Healthy and out of the election for no other reason.
    fn waits_for_report(&self) -> bool {
        self.health == Health::Healthy
            && !self.elector.want
            && !self.has_timer(Timer::Rejoin)
            && self.delay_until.is_none()
    }

    fn is_observer(&mut self) {
        self.quit(Leaving::Observer);
        self.service_state = ServiceState::Observer;
        self.mismatched = false;
        self.say(Reason::ObserverStaysOut);
    }

    fn mismatch(&mut self, expected: ServiceState, reported: ServiceState) {
        let again = self.mismatched;
        self.mismatched = !again;
        self.say(Reason::Mismatch { expected, reported, again });
        if again {
            self.delay_until = Some(self.now.after(MISMATCH_DELAY));
            self.quit(Leaving::Mismatch);
            self.quit_on_bad_state = true;
            self.service_state = ServiceState::Initializing;
        }
    }
}
