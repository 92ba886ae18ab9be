use super::Controller;
use crate::engine::{Event, Reason, Timer};

impl Controller {
    /// From now on this node neither joins nor leaves the election by itself, and an activation
    /// that is under way comes to its end: half of one is worse than either.
    ///
    /// What stays safe by itself: another node that takes the lock fences this one as ever, and
    /// a NameNode that sees another hold the lock is told to be standby. What a pause gives up
    /// is the failover: a paused holder of the lock whose NameNode dies keeps the lock, and a
    /// session that is lost is not opened again. `cedeActive` is honoured, for a person asked
    /// for it; a graceful failover *to* this node is refused.
    pub(super) fn pause(&mut self, caller: String) {
        self.paused = true;
        self.say(Reason::Paused { caller });
    }

    pub(super) fn resume(&mut self, caller: String) {
        if !std::mem::replace(&mut self.paused, false) {
            return;
        }
        self.say(Reason::Resumed { caller });
        self.mismatched = false;
        if self.task.is_some() {
            self.timers.insert(Timer::Recheck, self.now);
            return self.deferred.push_back(Event::Timer(Timer::Recheck));
        }
        self.recheck();
        if self.elector.want {
            // What happened to the lock meanwhile was not acted on.
            self.monitor();
        }
    }
}
