use tokio::sync::watch;

use super::Journal;
use crate::engine::State;
use crate::types::TxId;

/// How far a journal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The last transaction that readers may see. 0 in an empty journal.
    pub highest_written: TxId,
    /// The last one of those that this node knows to be committed; `None` before the first.
    pub committed: Option<TxId>,
}

impl Progress {
    fn of(state: &State) -> Self {
        Self { highest_written: state.highest_written, committed: state.committed_and_served() }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self { highest_written: TxId(0), committed: None }
    }
}

impl Journal {
    /// Follows how far the journal has come. Changes show after they are durable; several in a
    /// row may show as one.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        // Listening comes first: what is committed after this look tells it by itself.
        let listener = self.progress.subscribe();
        self.tell_progress();
        listener
    }

    /// Tells how far the journal has come, if anybody listens. The state must not be locked.
    pub(super) fn tell_progress(&self) {
        if self.progress.receiver_count() == 0 {
            return;
        }
        // The look at the state is inside, so that an older one never replaces a newer one.
        self.progress.send_if_modified(|told| {
            let now = Progress::of(&self.state());
            std::mem::replace(told, now) != now
        });
    }
}
