use std::time::Duration;

use super::Controller;
use super::demotion::told;
use super::task::{After, Task};
use crate::engine::{
    Answer, Breadcrumb, Call, ElectorState, Leaving, LockFault, Reason, Refusal, RequestNo, Timer,
};
use crate::types::ServiceState;

impl Controller {
    /// `quitElection(true)`: the breadcrumb stays, and the next winner fences this node. Java
    /// also quits without need of fencing while its NameNode initializes; nobody has confirmed
    /// then that it is standby, so here only a cede does that.
    pub(super) fn quit(&mut self, why: Leaving) {
        let rejoining = self.cancel_timer(Timer::Rejoin);
        if self.elector.want || rejoining {
            self.say(Reason::Leaving { why, fence: true });
        }
        self.reset();
    }

    /// Java's RESET.
    pub(super) fn reset(&mut self) {
        self.elector.state = ElectorState::Init;
        self.close_session();
    }

    /// `cedeActive`.
    pub(super) fn cede(&mut self, request: RequestNo, period_ms: i32, caller: String) {
        if self.stopping.is_some() {
            let own = self.settings.own.id.clone();
            return self.reply(request, Err(Refusal::Stopping(own)));
        }
        self.say(Reason::CedeAsked { caller, period_ms });
        if period_ms > 0 {
            return self.hand_over(After::Cede { request, period_ms });
        }
        self.delay_until = None;
        self.recheck();
        self.reply(request, Ok(()));
    }

    /// Own NameNode to standby; if it confirms, the breadcrumb goes; then the lock.
    pub(super) fn hand_over(&mut self, after: After) {
        self.say(Reason::Demoting);
        let call = self.call(Call::TransitionToStandby);
        self.task = Some(Task::HandOver(call, after));
    }

    pub(super) fn told_to_hand_over(&mut self, answer: &Answer, after: After) {
        let result = told(answer);
        self.say_demoted(&result);
        self.service_state = ServiceState::Standby;
        let why = match after {
            After::Cede { .. } => Leaving::Ceding,
            After::Stop => Leaving::Stopping,
        };
        let fence = result.is_err();
        self.say(Reason::Leaving { why, fence });
        match self.elector.open_no() {
            Some(session) if !fence && self.elector.state == ElectorState::Active => {
                let call = self.call(Call::ReadBreadcrumb(session));
                self.task = Some(Task::ReadOwnBreadcrumb(call, after));
            }
            _ => self.gave_back(after),
        }
    }

    pub(super) fn own_breadcrumb_read(&mut self, answer: &Answer, after: After) {
        let kept = match (answer, self.elector.open_no()) {
            (Answer::Breadcrumb(Ok(Some(breadcrumb))), Some(session)) => {
                let Breadcrumb { data, version } = breadcrumb.clone();
                if data == self.data {
                    let call = self.call(Call::DeleteBreadcrumb { session, version });
                    self.task = Some(Task::DeleteBreadcrumb(call, after));
                    return;
                }
                "its bytes are not those of this node".to_owned()
            }
            (Answer::Breadcrumb(Ok(None)), _) => "there is none".to_owned(),
            (Answer::Breadcrumb(Err(fault)), _) => fault.to_string(),
            _ => "the session is gone".to_owned(),
        };
        self.say(Reason::BreadcrumbKept(kept));
        self.gave_back(after);
    }

    pub(super) fn own_breadcrumb_deleted(&mut self, answer: &Answer, after: After) {
        self.say(match answer {
            Answer::BreadcrumbDeleted(Ok(()) | Err(LockFault::NoNode)) => Reason::BreadcrumbDeleted,
            Answer::BreadcrumbDeleted(Err(fault)) => Reason::BreadcrumbKept(fault.to_string()),
            other => Reason::BreadcrumbKept(format!("answered by something else: {other:?}")),
        });
        self.gave_back(after);
    }

    /// The session is gone before the breadcrumb was: then it stays.
    pub(super) fn stop_giving_back(&mut self) {
        match self.task.take() {
            Some(Task::ReadOwnBreadcrumb(_, after) | Task::DeleteBreadcrumb(_, after)) => {
                self.say(Reason::BreadcrumbKept("the session is gone".to_owned()));
                self.gave_back(after);
            }
            other => self.task = other,
        }
    }

    fn gave_back(&mut self, after: After) {
        self.cancel_timer(Timer::Rejoin);
        self.reset();
        match after {
            After::Stop => self.exit(),
            After::Cede { request, period_ms } => {
                // Checked to be positive when it was asked.
                let period = Duration::from_millis(u64::from(period_ms.unsigned_abs()));
                self.delay_until = Some(self.now.after(period));
                self.service_state = ServiceState::Initializing;
                self.recheck();
                self.reply(request, Ok(()));
            }
        }
    }
}
