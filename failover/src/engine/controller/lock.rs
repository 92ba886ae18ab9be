use super::Controller;
use crate::engine::{Call, ElectorState, LockFault, Reason, Timer};
use crate::types::ServiceState;

impl Controller {
    /// `joinElection`.
    pub(super) fn join_election(&mut self) {
        if let Some(due) = self.timers.get(&Timer::Rejoin) {
            let wait = due.since(self.now);
            return self.say(Reason::Rejoining { wait });
        }
        if self.elector.want {
            return self.say(Reason::AlreadyJoined);
        }
        self.say(Reason::Joining);
        self.join();
    }

    /// Java's JOIN.
    pub(super) fn join(&mut self) {
        if self.paused {
            return self.say(Reason::IdleWhilePaused);
        }
        if self.stopping.is_some() {
            return;
        }
        self.elector.want = true;
        self.elector.joined_before = true;
        self.elector.create_retries = 0;
        if self.elector.session.is_none() {
            self.open_session();
        } else if self.elector.open().is_some() {
            self.reach_for_lock();
        }
    }

    pub(super) fn rejoin(&mut self) {
        if self.elector.joined_before && !self.elector.want {
            self.say(Reason::Joining);
            self.join();
        }
    }

    /// Creates the lock, unless this session may have it already or others go first.
    pub(super) fn reach_for_lock(&mut self) {
        let Some(open) = self.elector.open_mut() else { return };
        if std::mem::take(&mut open.resumed) {
            return self.monitor();
        }
        if self.has_timer(Timer::FlapGuard) {
            return;
        }
        let recent = self.recent_activations();
        let wait = self.settings.flap_guard.wait(recent);
        if wait.is_zero() || self.graceful.is_some() {
            return self.create_lock();
        }
        self.say(Reason::Flapping { recent, wait });
        self.set_timer(Timer::FlapGuard, self.now.after(wait));
    }

    /// What is on its way was sent before and is answered later than what is known now.
    pub(super) fn create_lock(&mut self) {
        let Some(session) = self.elector.open_no() else { return };
        if self.elector.want && self.elector.create.is_none() {
            let call = self.call(Call::CreateLock(session, self.data.clone()));
            self.elector.create = Some(call);
        }
    }

    /// Java's MONITOR.
    pub(super) fn monitor(&mut self) {
        self.elector.stat_retries = 0;
        self.stat_lock();
    }

    fn stat_lock(&mut self) {
        let Some(session) = self.elector.open_no() else { return };
        if self.elector.stat.is_none() {
            let call = self.call(Call::StatLock(session));
            self.elector.stat = Some(call);
        }
    }

    pub(super) fn lock_created(&mut self, result: Result<(), LockFault>) {
        self.elector.create = None;
        match result {
            Ok(()) => {
                self.lock_retry.reset();
                self.say(Reason::LockTaken);
                self.activate();
            }
            Err(LockFault::NodeExists) => {
                self.lock_retry.reset();
                // After a lost connection the lock may be the one of the first try.
                if self.elector.create_retries == 0 {
                    self.say(Reason::LockElsewhere);
                    self.become_standby();
                }
                self.monitor();
            }
            Err(LockFault::ConnectionLoss) => {
                self.elector.create_retries += 1;
                if self.elector.create_retries <= self.settings.lock_retries {
                    self.create_lock();
                } else {
                    self.look_later(LockFault::ConnectionLoss);
                }
            }
            // The event of the session does the work.
            Err(LockFault::SessionExpired) => {}
            Err(fault) => self.fail(format!("cannot create the lock in ZooKeeper: {fault}")),
        }
    }

    pub(super) fn lock_owner(&mut self, result: Result<Option<crate::engine::OwnerId>, LockFault>) {
        self.elector.stat = None;
        match result {
            Ok(owner) => {
                self.lock_retry.reset();
                let own = self.elector.open().map(|open| open.owner);
                match owner {
                    None => self.lock_is_free(),
                    Some(_) if owner == own => self.lock_is_ours(),
                    Some(_) => self.lock_is_elsewhere(),
                }
            }
            Err(LockFault::ConnectionLoss) => {
                self.elector.stat_retries += 1;
                if self.elector.stat_retries <= self.settings.lock_retries {
                    self.stat_lock();
                } else {
                    self.look_later(LockFault::ConnectionLoss);
                }
            }
            Err(LockFault::SessionExpired) => {}
            Err(fault) => self.fail(format!("cannot look at the lock in ZooKeeper: {fault}")),
        }
    }

    /// Java ends its process here.
    fn look_later(&mut self, fault: LockFault) {
        let again_in = self.lock_retry.next();
        self.say(Reason::LockUnknown { fault, again_in });
        self.set_timer(Timer::RetryLock, self.now.after(again_in));
    }

    fn lock_is_free(&mut self) {
        self.say(Reason::LockFree);
        self.elector.state = ElectorState::Neutral;
        self.join();
    }

    fn lock_is_ours(&mut self) {
        if self.elector.state == ElectorState::Active {
            return;
        }
        self.say(Reason::LockOurs);
        if self.paused && self.service_state == ServiceState::Active {
            // It was told before; what a person has done to it since is meant to stay.
            self.elector.state = ElectorState::Active;
            return;
        }
        self.activate();
    }

    fn lock_is_elsewhere(&mut self) {
        if self.elector.state != ElectorState::Standby {
            self.say(Reason::LockElsewhere);
            self.become_standby();
        }
    }

    pub(super) fn lock_deleted(&mut self) {
        self.say(Reason::LockFree);
        if self.elector.state == ElectorState::Active {
            self.elector.state = ElectorState::Neutral;
        }
        self.join();
    }
}
