use super::Controller;
use super::task::Task;
use crate::engine::{Answer, Call, ElectorState, Reason};
use crate::types::ServiceState;

impl Controller {
    /// Java's STANDBY.
    pub(super) fn become_standby(&mut self) {
        if self.elector.state != ElectorState::Standby {
            self.elector.state = ElectorState::Standby;
            self.demote();
        }
    }

    /// Tells the own NameNode to be standby; nothing else is told to it meanwhile.
    pub(super) fn demote(&mut self) {
        self.say(Reason::Demoting);
        let call = self.call(Call::TransitionToStandby);
        self.task = Some(Task::Demote(call));
    }

    /// Whether it obeyed or not: what it then reports decides what follows.
    pub(super) fn demoted(&mut self, answer: &Answer) {
        let result = told(answer);
        self.service_state = ServiceState::Standby;
        self.say_demoted(&result);
    }

    pub(super) fn say_demoted(&mut self, result: &Result<(), String>) {
        self.say(match result {
            Ok(()) => Reason::Demoted,
            Err(why) => Reason::NotDemoted(why.clone()),
        });
    }
}

/// What a transition came to.
pub(super) fn told(answer: &Answer) -> Result<(), String> {
    match answer {
        Answer::Transition(result) => result.clone(),
        other => Err(format!("answered by something else: {other:?}")),
    }
}
