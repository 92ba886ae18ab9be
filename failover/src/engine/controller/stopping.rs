use super::Controller;
use super::task::After;
use crate::engine::{Command, ElectorState, Leaving, Reason, Stop, Timer};

impl Controller {
    /// Gives an activation up unless the NameNode is being told already, and lets what has the
    /// elector for itself end; all of it within the time that a stop may take.
    pub(super) fn stop(&mut self, stop: Stop) {
        if self.stopping.is_some() {
            return;
        }
        let hand_over = stop == Stop::HandOver && self.elector.state == ElectorState::Active;
        self.say(Reason::Stopping { hand_over });
        self.stopping = Some(stop);
        let own = self.settings.own.id.clone();
        self.end_failover(Err(crate::engine::Refusal::Stopping(own)));
        self.set_timer(Timer::Stop, self.now.after(self.settings.stop_timeout));
        self.stop_activation();
    }

    /// Nothing has the elector for itself any more.
    pub(super) fn end_stop(&mut self) {
        match self.stopping {
            Some(Stop::Detach) => self.detach(),
            _ if self.elector.state == ElectorState::Active => self.hand_over(After::Stop),
            _ => {
                self.quit(Leaving::Stopping);
                self.exit();
            }
        }
    }

    /// Without a confirmed standby the breadcrumb stays, and the next winner fences this node.
    pub(super) fn stop_timed_out(&mut self) {
        self.say(Reason::StopTimedOut);
        if self.stopping == Some(Stop::Detach) {
            return self.detach();
        }
        self.reset();
        self.exit();
    }

    fn detach(&mut self) {
        if let Some(session) = self.elector.session.take() {
            self.say(Reason::Detached);
            self.order(Command::DetachSession(session.no));
        }
        self.exit();
    }

    pub(super) fn exit(&mut self) {
        self.end(0, "stopped".to_owned());
    }

    /// Java's FATAL: the lock is free, the breadcrumb stays, the NameNode is left as it is.
    pub(super) fn fail(&mut self, why: String) {
        self.say(Reason::Fatal(why.clone()));
        self.stop_activation();
        self.reset();
        self.end(1, why);
    }

    fn end(&mut self, code: u8, text: String) {
        self.task = None;
        self.exited = true;
        self.order(Command::Exit { code, text });
    }
}
