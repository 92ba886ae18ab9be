use std::{
    collections::BTreeMap,
    os::fd::OwnedFd,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, watch};

use super::Carried;

/// What the server itself is called among its sessions: it stops accepting.
pub(super) const ACCEPTING: u64 = 0;

/// A connection on its way to another process.
#[derive(Debug)]
pub struct PassedConnection {
    /// A descriptor of its socket.
    pub stream: OwnedFd,
    /// How far its client got.
    pub carried: Carried,
}

/// Whether a server reads what its clients send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// It does.
    Serving,
    /// It does not for a moment; each session parks once all its calls are answered.
    Halted,
    /// Never again: another process does.
    Left,
}

/// Where sessions stop, so that another process can go on with them.
#[derive(Debug)]
pub(super) struct Halting {
    mode: watch::Sender<Mode>,
    parked: Mutex<BTreeMap<u64, Option<PassedConnection>>>,
    changed: Notify,
}

impl Default for Halting {
    fn default() -> Self {
        let (parked, changed) = (Mutex::default(), Notify::new());
        Self { mode: watch::Sender::new(Mode::Serving), parked, changed }
    }
}

impl Halting {
    /// Changes the mode. Who parked before a return to serving has nothing parked any more.
    pub(super) fn enter(&self, mode: Mode) {
        if mode == Mode::Serving {
            self.parked().clear();
        }
        self.mode.send_replace(mode);
    }

    /// Waits until the server is not in this mode, and answers which it is in then.
    pub(super) async fn leaves(&self, mode: Mode) -> Mode {
        let mut modes = self.mode.subscribe();
        let left = modes.wait_for(|now| *now != mode).await.map(|now| *now);
        // The sender is a field of this.
        left.unwrap_or(Mode::Left)
    }

    /// A session stands still. Without a connection it has none to give away.
    pub(super) fn park(&self, id: u64, connection: Option<PassedConnection>) {
        self.parked().insert(id, connection);
        self.changed.notify_waiters();
    }

    /// A session is over.
    pub(super) fn forget(&self, id: u64) {
        self.parked().remove(&id);
        self.changed.notify_waiters();
    }

    /// Waits until accepting has stopped and all of `sessions`, asked for anew each time, stand
    /// still.
    pub(super) async fn all_parked(&self, sessions: impl Fn() -> Vec<u64>) {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            // In this order: a session that is accepted last is still among them.
            let stopped = self.is_parked(ACCEPTING);
            if stopped && sessions().iter().all(|id| self.is_parked(*id)) {
                return;
            }
            changed.await;
        }
    }

    pub(super) fn is_parked(&self, id: u64) -> bool {
        self.parked().contains_key(&id)
    }

    /// The connections of all that are parked.
    pub(super) fn take_connections(&self) -> Vec<PassedConnection> {
        self.parked().values_mut().filter_map(Option::take).collect()
    }

    fn parked(&self) -> MutexGuard<'_, BTreeMap<u64, Option<PassedConnection>>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
