use super::Controller;
use super::elector::{OpenSession, Session};
use super::task::Task;
use crate::engine::{
    Command, ElectorState, LockFault, Reason, SessionEvent, SessionNo, Time, Timer,
};

impl Controller {
    pub(super) fn open_session(&mut self) {
        self.last_session += 1;
        let no = SessionNo(self.last_session);
        self.elector.session = Some(Session { no, open: None });
        self.order(Command::OpenSession(no));
    }

    /// Java's CLOSE: the lock is free at once, and what is on its way is not waited for.
    pub(super) fn close_session(&mut self) {
        for timer in [Timer::Reopen, Timer::RetryLock, Timer::FlapGuard] {
            self.cancel_timer(timer);
        }
        self.elector.want = false;
        self.elector.create = None;
        self.elector.stat = None;
        self.failover_reads_again();
        if let Some(session) = self.elector.session.take() {
            self.order(Command::CloseSession(session.no));
        }
    }

    pub(super) fn session_opened(&mut self, session: SessionNo, open: OpenSession) {
        let Some(opening) = self.elector.session.as_mut().filter(|s| s.no == session) else {
            // Closed before it was open: nobody else would close it.
            self.say(Reason::StaleSession(session));
            return self.order(Command::CloseSession(session));
        };
        let OpenSession { owner, timeout, resumed, .. } = open;
        let contact = open.contact.min(self.now);
        opening.open = Some(OpenSession { contact, ..open });
        self.reopen.reset();
        self.say(Reason::SessionOpened { owner, timeout, resumed });
        self.failover_may_read();
        if self.elector.want {
            self.elector.create_retries = 0;
            self.reach_for_lock();
        }
    }

    /// Java ends its process here after some tries. An outage of ZooKeeper is no reason to go
    /// away: this node stays out and keeps trying.
    pub(super) fn session_not_opened(&mut self, session: SessionNo, fault: LockFault) {
        if self.elector.session.as_ref().is_none_or(|s| s.no != session) {
            return self.say(Reason::StaleSession(session));
        }
        if fault == LockFault::AuthFailed {
            return self.fail("ZooKeeper does not take the credentials".to_owned());
        }
        self.failover_cannot_read(&fault);
        self.elector.session = None;
        let again_in = self.reopen.next();
        self.say(Reason::SessionNotOpened { fault, again_in });
        if self.elector.want {
            self.set_timer(Timer::Reopen, self.now.after(again_in));
        }
    }

    pub(super) fn note_contact(&mut self, session: SessionNo, at: Time) {
        if self.elector.open_no() == Some(session)
            && let Some(open) = self.elector.open_mut()
        {
            open.contact = open.contact.max(at.min(self.now));
        }
    }

    pub(super) fn session_event(&mut self, session: SessionNo, event: SessionEvent) {
        if self.elector.open_no() != Some(session) {
            return self.say(Reason::StaleSession(session));
        }
        match event {
            SessionEvent::Connected => self.connected(),
            SessionEvent::Disconnected => {
                self.set_connected(false);
                self.say(Reason::Disconnected);
                self.elector.state = ElectorState::Neutral;
            }
            SessionEvent::Expired => self.expired(),
            SessionEvent::AuthFailed => {
                self.fail("ZooKeeper does not take the credentials".to_owned());
            }
            SessionEvent::LockDeleted => self.lock_deleted(),
            SessionEvent::LockChanged => self.monitor(),
        }
    }

    fn set_connected(&mut self, connected: bool) -> bool {
        let Some(open) = self.elector.open_mut() else { return false };
        std::mem::replace(&mut open.connected, connected)
    }

    /// Java looks at the lock only if it saw the loss of the connection. A client that keeps
    /// only the newest state can miss it, so any word of a connection is reason to look.
    fn connected(&mut self) {
        let was_connected = self.set_connected(true);
        if !was_connected {
            self.say(Reason::Reconnected);
        }
        if self.elector.want && (!was_connected || self.elector.create.is_none()) {
            self.monitor();
        }
    }

    fn expired(&mut self) {
        #[cfg(test)]
        if self.settings.mutant == Some(crate::engine::Mutant::KeepLockAfterExpiry) {
            return;
        }
        self.say(Reason::Expired);
        self.close_session();
        self.elector.state = ElectorState::Neutral;
        self.stop_activation();
        self.stop_giving_back();
        if self.elector.joined_before && !self.has_timer(Timer::Rejoin) {
            self.join();
        }
    }

    /// Whatever happened meanwhile is not known yet: who stood still first looks whose the lock
    /// is.
    pub(super) fn notice_stall(&mut self) {
        let (Some(open), Some(last)) = (self.elector.open(), self.last_step) else { return };
        let gap = self.now.since(last);
        if gap <= open.longest_gap() {
            return;
        }
        self.say(Reason::Stalled { gap });
        if self.elector.state != ElectorState::Init {
            self.elector.state = ElectorState::Neutral;
        }
        if self.elector.want {
            self.stop_activation();
            self.monitor();
        }
    }

    /// Ends an activation, unless the NameNode is being told: then its answer is waited for,
    /// and what follows depends on the lease.
    pub(super) fn stop_activation(&mut self) {
        match self.task.take() {
            Some(Task::Activate(activation)) if !activation.is_promoting() => {
                self.abort_fence(&activation);
            }
            other => self.task = other,
        }
    }
}
