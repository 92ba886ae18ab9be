use std::sync::Arc;

use super::{Ended, EventLoop, TICKS_PER_TIMEOUT};
use crate::controller::faults;
use crate::controller::input::{Ask, Input};
use crate::engine::{Answer, CallNo, Event, OwnerId, SessionNo};
use crate::lock::{LockError, LockSession};
use crate::namenode::HealthReport;
use crate::types::ActiveNode;

/// What reaches the loop becomes events of the engine.
impl EventLoop {
    pub(super) fn session_opened(
        &mut self,
        no: SessionNo,
        result: Result<Arc<dyn LockSession>, LockError>,
    ) {
        match result {
            Ok(session) => {
                self.failed_opens = 0;
                let (owner, timeout) = (OwnerId(session.id().0), session.timeout());
                let contact = self.clock.at(session.last_contact());
                self.desk.follow(session.ledger());
                self.sessions.opened(no, session);
                self.tick = timeout / TICKS_PER_TIMEOUT;
                let resumed = false;
                self.step(Event::SessionOpened { session: no, owner, timeout, contact, resumed });
            }
            Err(error) => {
                self.sessions.not_opened(no);
                self.failed_opens += 1;
                let fault = faults::of_lock(error);
                self.step(Event::SessionNotOpened { session: no, fault });
                self.give_up_on_ensemble();
            }
        }
    }

    /// As Java ends, if that is wanted.
    fn give_up_on_ensemble(&mut self) {
        if self.session_tries.is_some_and(|tries| self.failed_opens >= tries.max(1)) {
            let text = format!("no session with ZooKeeper in {} attempts", self.failed_opens);
            self.ended = Some(Ended { code: 1, text });
        }
    }

    pub(super) fn health_reported(&mut self, report: Option<HealthReport>) {
        let Some(report) = report else {
            self.health = None;
            let why = "the health monitor has ended".to_owned();
            return self.step(Event::HealthMonitorFailed(why));
        };
        self.latest.change(|snapshot| snapshot.health_reason = report.why);
        if let Some(state) = report.state {
            self.step(Event::Reported(state));
        }
        self.step(Event::Health(report.health));
    }

    pub(super) fn asked(&mut self, ask: Ask) {
        let event = match ask {
            Ask::Cede { period_ms, caller, reply } => {
                Event::CedeActive { request: self.requests.add(reply), period_ms, caller }
            }
            Ask::Failover { caller, reply } => {
                Event::GracefulFailover { request: self.requests.add(reply), caller }
            }
            Ask::Confirm { node, caller, reply } => {
                Event::ConfirmFenced { request: self.requests.add(reply), node, caller }
            }
            Ask::Pause { caller } => Event::Pause { caller },
            Ask::Resume { caller } => Event::Resume { caller },
            Ask::Stop(stop) => Event::Stop(stop),
        };
        self.step(event);
    }

    pub(super) fn woken(&mut self) {
        let now = self.clock.now();
        match self.timers.take_due(now) {
            Some(timer) => self.step(Event::Timer(timer)),
            None => self.step(Event::Tick),
        }
    }

    pub(super) fn answered(&mut self, call: CallNo, answer: Answer, tried: Option<String>) {
        self.calls.remove(&call);
        if let Some(tried) = tried {
            self.recorder.note_fencing(tried);
        }
        match &answer {
            Answer::LockOwner(Ok(owner)) => self.look_at_holder(owner.is_some()),
            Answer::Breadcrumb(Ok(read)) => {
                self.desk.breadcrumb = read.as_ref().map(|breadcrumb| breadcrumb.version);
            }
            _ => {}
        }
        self.step(Event::Answered(call, answer));
    }

    /// For people only: who holds the lock.
    fn look_at_holder(&self, is_held: bool) {
        let inputs = self.inputs.clone();
        let Some((session, _)) = self.sessions.current().filter(|_| is_held) else {
            return self.latest.change(|snapshot| snapshot.lock_owner = None);
        };
        tokio::spawn(async move {
            if let Ok(data) = session.read_lock().await {
                let owner = data.and_then(|data| ActiveNode::decode(&data).ok());
                let _ = inputs.send(Input::LockRead(owner));
            }
        });
    }
}
