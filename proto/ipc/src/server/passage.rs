use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tracing::warn;

use super::{
    PassedConnection,
    halting::Mode,
    listener::{Sessions, lock},
    session::Shared,
};

/// Stops a server that serves so that another process can go on with its connections.
#[derive(Clone)]
pub struct Passage {
    pub(super) shared: Arc<Shared>,
    pub(super) sessions: Sessions,
}

impl Passage {
    /// Accepts and reads nothing more, and waits until every call is answered: then these are
    /// all connections that can change hands. `None`, and the server goes on, if a call is still
    /// running when the patience ends.
    ///
    /// A client that does not take its answers keeps nobody waiting longer than that: its
    /// connection is closed.
    pub async fn halt(&self, patience: Duration) -> Option<Vec<PassedConnection>> {
        let halting = &self.shared.halting;
        halting.enter(Mode::Halted);
        let sessions = || lock(&self.sessions).keys().copied().collect();
        if timeout(patience, halting.all_parked(sessions)).await.is_err() {
            if !self.shared.limits.is_unused() {
                self.resume();
                return None;
            }
            self.close_unparked();
        }
        Some(halting.take_connections())
    }

    /// Accepts and reads again.
    pub fn resume(&self) {
        self.shared.halting.enter(Mode::Serving);
    }

    /// Ends the server without a word to its clients: another process has them.
    pub fn leave(&self) {
        self.shared.halting.enter(Mode::Left);
    }

    fn close_unparked(&self) {
        let sessions = lock(&self.sessions);
        let unparked = sessions.iter().filter(|(id, _)| !self.shared.halting.is_parked(**id));
        for (_, state) in unparked {
            warn!("a client does not read its replies: its connection is closed");
            state.closed.cancel();
        }
    }
}
