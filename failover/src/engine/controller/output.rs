use super::Controller;
use crate::engine::{Call, CallNo, Command, Reason, Refusal, RequestNo, Time, Timer};

impl Controller {
    pub(super) fn say(&mut self, reason: Reason) {
        self.out.reasons.push(reason);
    }

    pub(super) fn order(&mut self, command: Command) {
        self.out.commands.push(command);
    }

    pub(super) fn call(&mut self, call: Call) -> CallNo {
        self.last_call += 1;
        let no = CallNo(self.last_call);
        self.order(Command::Call(no, call));
        no
    }

    pub(super) fn reply(&mut self, request: RequestNo, answer: Result<(), Refusal>) {
        self.order(Command::Reply(request, answer));
    }

    pub(super) fn set_timer(&mut self, timer: Timer, at: Time) {
        self.timers.insert(timer, at);
        self.order(Command::SetTimer(timer, at));
    }

    pub(super) fn has_timer(&self, timer: Timer) -> bool {
        self.timers.contains_key(&timer)
    }

    /// A timer that was cancelled still rings in the shell; here it is not waited for any more.
    pub(super) fn cancel_timer(&mut self, timer: Timer) -> bool {
        self.timers.remove(&timer).is_some()
    }

    /// Whether this timer is waited for and its time has come.
    pub(super) fn rings(&mut self, timer: Timer) -> bool {
        let due = self.timers.get(&timer).is_some_and(|due| *due <= self.now);
        due && self.cancel_timer(timer)
    }
}
