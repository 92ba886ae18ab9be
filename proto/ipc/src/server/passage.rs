use std::{io, sync::Arc, time::Duration};

use thiserror::Error;
use tokio::time::timeout;
use tracing::warn;

use super::{
    PassedConnection,
    listener::{Sessions, lock},
    session::Shared,
};

/// Why a server did not stop. It goes on.
#[derive(Debug, Error)]
pub enum HaltError {
    /// A call did not end in time.
    #[error("a call did not end in time")]
    Busy,
    /// A connection cannot be passed on.
    #[error("no second descriptor of a connection: {0}")]
    Socket(io::Error),
}

/// Stops a server that serves so that another process can go on with its connections.
#[derive(Clone)]
pub struct Passage {
    pub(super) shared: Arc<Shared>,
    pub(super) sessions: Sessions,
}

impl Passage {
    /// Accepts and reads nothing more, and waits until every call is answered: then these are
    /// all connections that can change hands. If a call is still running when the patience
    /// ends, the server goes on instead.
    ///
    /// A client that does not take its answers keeps nobody waiting longer than that: its
    /// connection is closed.
    pub async fn halt(&self, patience: Duration) -> Result<Vec<PassedConnection>, HaltError> {
        let halting = &self.shared.halting;
        halting.halt();
        let sessions = || lock(&self.sessions).keys().copied().collect();
        if timeout(patience, halting.all_parked(sessions)).await.is_err() {
            if !self.shared.limits.is_unused() {
                self.resume();
                return Err(HaltError::Busy);
            }
            self.close_unparked();
        }
        halting.take_connections().map_err(|error| {
            self.resume();
            HaltError::Socket(error)
        })
    }

    /// Accepts and reads again.
    pub fn resume(&self) {
        self.shared.halting.serve();
    }

    /// Ends the server without a word to its clients: another process has them.
    pub fn leave(&self) {
        self.shared.halting.leave();
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
