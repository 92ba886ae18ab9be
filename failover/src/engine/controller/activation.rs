use super::Controller;
use super::demotion::told;
use super::task::Task;
use crate::engine::{
    Answer, BackOff, Breadcrumb, Call, CallNo, ElectorState, LockFault, Reason, SessionNo, Time,
    Timer,
};
use crate::types::{ActiveNode, ServiceState};

/// The way from the lock to an active NameNode: read the breadcrumb, fence whom it names, write
/// it, tell the NameNode.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Activation {
    session: SessionNo,
    begun: Time,
    retries: u32,
    stage: Stage,
    /// The old active is fenced, harmless, vouched for, ourselves or nobody.
    cleared: bool,
    /// The breadcrumb names this node.
    written: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Stage {
    Reading(CallNo),
    Fencing(CallNo, ActiveNode, Breadcrumb),
    Writing(CallNo, Option<i32>),
    Promoting(CallNo),
}

impl Activation {
    pub(super) fn waits_for(&self, call: CallNo) -> bool {
        let waited = match &self.stage {
            Stage::Reading(no) | Stage::Promoting(no) => no,
            Stage::Fencing(no, ..) | Stage::Writing(no, _) => no,
        };
        *waited == call
    }

    pub(super) fn is_promoting(&self) -> bool {
        matches!(self.stage, Stage::Promoting(_))
    }

    pub(super) fn fences(self, call: CallNo, node: ActiveNode, breadcrumb: Breadcrumb) -> Self {
        Self { stage: Stage::Fencing(call, node, breadcrumb), ..self }
    }

    /// Whom it is fencing, and the breadcrumb that says so.
    pub(super) fn fencing(&self) -> Option<(CallNo, &ActiveNode, &Breadcrumb)> {
        match &self.stage {
            Stage::Fencing(call, node, breadcrumb) => Some((*call, node, breadcrumb)),
            _ => None,
        }
    }
}

impl Controller {
    /// It has the lock, and its NameNode was not told to be active yet.
    pub(super) fn is_clearing_the_way(&self) -> bool {
        matches!(&self.task, Some(Task::Activate(activation)) if !activation.is_promoting())
    }

    /// Java's ACTIVATE. Only called while nothing else has the elector.
    pub(super) fn activate(&mut self) {
        let Some(session) = self.elector.open_no() else { return };
        let call = self.call(Call::ReadBreadcrumb(session));
        self.task = Some(Task::Activate(Activation {
            session,
            begun: self.now,
            retries: 0,
            stage: Stage::Reading(call),
            cleared: false,
            written: false,
        }));
    }

    pub(super) fn advance(&mut self, activation: Activation, answer: &Answer) {
        match (activation.stage.clone(), answer) {
            (Stage::Reading(_), Answer::Breadcrumb(result)) => {
                self.breadcrumb_read(activation, result);
            }
            (Stage::Fencing(_, node, breadcrumb), Answer::Fence(outcome)) => {
                self.fence_ended(activation, node, breadcrumb, outcome);
            }
            (Stage::Writing(_, expected), Answer::BreadcrumbWritten(result)) => {
                self.breadcrumb_written(activation, expected, result);
            }
            (Stage::Promoting(_), answer) => self.promoted(&activation, told(answer)),
            (_, other) => self.fail(format!("a call was answered by something else: {other:?}")),
        }
    }

    fn breadcrumb_read(
        &mut self,
        mut activation: Activation,
        result: &Result<Option<Breadcrumb>, LockFault>,
    ) {
        match result {
            Ok(None) => {
                self.say(Reason::NoBreadcrumb);
                self.fencing.succeeded();
                self.write_breadcrumb(activation, None);
            }
            Ok(Some(breadcrumb)) => self.clear_the_way(activation, breadcrumb.clone()),
            Err(LockFault::ConnectionLoss) if activation.retries < self.settings.lock_retries => {
                activation.retries += 1;
                let call = self.call(Call::ReadBreadcrumb(activation.session));
                activation.stage = Stage::Reading(call);
                self.task = Some(Task::Activate(activation));
            }
            Err(fault) => self.breadcrumb_failed(fault),
        }
    }

    pub(super) fn write_breadcrumb(&mut self, mut activation: Activation, expected: Option<i32>) {
        #[cfg(test)]
        if self.settings.mutant == Some(crate::engine::Mutant::PromoteBeforeBreadcrumb) {
            return self.promote(activation);
        }
        activation.cleared = true;
        if !self.holds_lease(&activation) {
            return self.lease_out();
        }
        self.say(Reason::WritingBreadcrumb);
        let (session, data) = (activation.session, self.data.clone());
        let call = self.call(Call::WriteBreadcrumb { session, data, expected });
        activation.stage = Stage::Writing(call, expected);
        self.task = Some(Task::Activate(activation));
    }

    fn breadcrumb_written(
        &mut self,
        mut activation: Activation,
        expected: Option<i32>,
        result: &Result<(), LockFault>,
    ) {
        match result {
            Ok(()) => {
                activation.written = true;
                self.promote(activation);
            }
            Err(LockFault::ConnectionLoss) if activation.retries < self.settings.lock_retries => {
                activation.retries += 1;
                self.write_breadcrumb(activation, expected);
            }
            Err(fault) => self.breadcrumb_failed(fault),
        }
    }

    fn promote(&mut self, mut activation: Activation) {
        if !self.holds_lease(&activation) {
            return self.lease_out();
        }
        if let Some(broken) = self.broken_invariant(&activation) {
            return self.fail(format!("about to break an invariant: {broken}"));
        }
        self.say(Reason::Activating);
        let call = self.call(Call::TransitionToActive);
        activation.stage = Stage::Promoting(call);
        self.task = Some(Task::Activate(activation));
    }

    /// What must hold before a NameNode is told to be active. Looked at in release builds too:
    /// two actives are worse than none.
    fn broken_invariant(&self, activation: &Activation) -> Option<&'static str> {
        #[cfg(test)]
        if self.settings.mutant.is_some() {
            return None;
        }
        if self.elector.open_no() != Some(activation.session) {
            Some("the lock is not held by the own session")
        } else if !activation.cleared {
            Some("the old active is not fenced")
        } else if !activation.written {
            Some("the breadcrumb does not name this node")
        } else {
            None
        }
    }

    fn promoted(&mut self, activation: &Activation, result: Result<(), String>) {
        match result {
            Ok(()) if self.holds_lease(activation) => self.activated(activation),
            Ok(()) => {
                self.say(Reason::LostWhileActivating);
                self.attempt_ended(Err("the lock was lost meanwhile".to_owned()));
                self.elector.state = ElectorState::Neutral;
                self.demote();
                self.monitor();
            }
            Err(why) => {
                self.say(Reason::ActivationFailed(why.clone()));
                // Before the call to the NameNode: that one may hang, and others must not wait
                // for it. It may also have become active after all.
                if self.elector.open_no() == Some(activation.session) {
                    self.give_up(why, BackOff::FIRST);
                } else {
                    self.attempt_ended(Err(why));
                }
                self.demote();
            }
        }
    }

    fn activated(&mut self, activation: &Activation) {
        let took = self.now.since(activation.begun);
        self.say(Reason::Activated { took });
        self.service_state = ServiceState::Active;
        self.mismatched = false;
        let connected = self.elector.open().is_some_and(|open| open.connected);
        self.elector.state = if connected { ElectorState::Active } else { ElectorState::Neutral };
        if self.graceful.is_none() {
            let (now, window) = (self.now, self.settings.flap_guard.window);
            self.activations.retain(|at| now.since(*at) < window);
            self.activations.push_back(now);
        }
        self.attempt_ended(Ok(()));
        self.monitor();
    }

    pub(super) fn recent_activations(&self) -> usize {
        let window = self.settings.flap_guard.window;
        self.activations.iter().filter(|at| self.now.since(**at) < window).count()
    }

    fn holds_lease(&self, activation: &Activation) -> bool {
        #[cfg(test)]
        if self.settings.mutant == Some(crate::engine::Mutant::KeepLockAfterExpiry) {
            return true;
        }
        #[cfg(test)]
        if self.settings.mutant == Some(crate::engine::Mutant::TrustLeaseAfterStall) {
            return self.elector.open_no() == Some(activation.session);
        }
        self.elector.open_no() == Some(activation.session)
            && self.elector.open().is_some_and(|open| open.holds_lease(self.now))
    }

    fn lease_out(&mut self) {
        self.say(Reason::LeaseOut);
        self.elector.state = ElectorState::Neutral;
        self.monitor();
    }

    fn breadcrumb_failed(&mut self, fault: &LockFault) {
        self.say(Reason::BreadcrumbFailed(fault.clone()));
        self.give_up(format!("cannot read or write the breadcrumb: {fault}"), BackOff::FIRST);
    }

    /// Java's REJOIN: the lock is free at once, so that others have their chance.
    pub(super) fn give_up(&mut self, why: String, wait: std::time::Duration) {
        self.attempt_ended(Err(why));
        self.close_session();
        self.say(Reason::Rejoining { wait });
        self.set_timer(Timer::Rejoin, self.now.after(wait));
    }
}
