use tokio::sync::oneshot;

use super::EventLoop;
use crate::engine::Event;
use crate::ledger::{Confirmation, Paused, Standing};

/// What people leave in the ledger is acted on.
impl EventLoop {
    pub(super) fn standing_changed(&mut self, standing: Standing) {
        let was_paused = self.desk.standing.paused.is_some();
        let paused = standing.paused.clone();
        self.desk.standing = standing;
        match paused {
            Some(paused) if !was_paused => {
                self.step(Event::Pause { caller: caller_of(&paused) });
            }
            None if was_paused => self.step(Event::Resume { caller: "the ledger".to_owned() }),
            _ => self.use_confirmation(),
        }
    }

    /// Only where it is needed: the word can be used once.
    pub(super) fn use_confirmation(&mut self) {
        let Some(word) = &self.desk.standing.confirmation else { return };
        let stuck = self.engine.status().stuck;
        if stuck.is_some_and(|stuck| stuck.node.id == word.namenode)
            && let Some((session, _)) = self.sessions.current()
        {
            self.desk.take_confirmation(session.ledger());
        }
    }

    pub(super) fn confirmed(&mut self, word: Confirmation) {
        let (reply, _) = oneshot::channel();
        let request = self.requests.add(reply);
        let caller = format!("{} ({})", word.by, word.why);
        self.step(Event::ConfirmFenced { request, node: word.namenode, caller });
    }
}

pub(super) fn caller_of(paused: &Paused) -> String {
    match paused.why.as_str() {
        "" => paused.by.clone(),
        why => format!("{} ({why})", paused.by),
    }
}
