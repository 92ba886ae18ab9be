use std::{
    collections::{BTreeMap, BTreeSet},
    io,
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
    /// It does not for a moment; each session parks once all its calls are answered. Numbered:
    /// one that is late for an earlier time is not there for this one.
    Halted(u64),
    /// Never again: another process does.
    Left,
}

/// What a session has parked: a connection, if it has one that can change hands.
pub(super) type Parked = io::Result<Option<PassedConnection>>;

/// Where sessions stop, so that another process can go on with them.
#[derive(Debug)]
pub(super) struct Halting {
    mode: watch::Sender<Mode>,
    stopped: Mutex<Stopped>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Stopped {
    halts: u64,
    /// Who stands still in the present mode.
    parked: BTreeMap<u64, Parked>,
    /// Whose client is told no more than that it is over.
    ending: BTreeSet<u64>,
}

impl Default for Halting {
    fn default() -> Self {
        let (stopped, changed) = (Mutex::default(), Notify::new());
        Self { mode: watch::Sender::new(Mode::Serving), stopped, changed }
    }
}

impl Halting {
    /// Nothing more is read.
    pub(super) fn halt(&self) {
        let mut stopped = self.stopped();
        stopped.halts += 1;
        stopped.parked.clear();
        self.mode.send_replace(Mode::Halted(stopped.halts));
    }

    /// As before. Nobody is parked any more.
    pub(super) fn serve(&self) {
        let mut stopped = self.stopped();
        stopped.parked.clear();
        self.mode.send_replace(Mode::Serving);
    }

    /// It is over for this process.
    pub(super) fn leave(&self) {
        self.mode.send_replace(Mode::Left);
    }

    /// Waits until the server is not in this mode, and answers which it is in then.
    pub(super) async fn leaves(&self, mode: Mode) -> Mode {
        let mut modes = self.mode.subscribe();
        let left = modes.wait_for(|now| *now != mode).await.map(|now| *now);
        // The sender is a field of this.
        left.unwrap_or(Mode::Left)
    }

    /// A session stands still, if this mode still is the present one, and until it is no more.
    pub(super) fn park(&self, id: u64, mode: Mode, parked: Parked) {
        let mut stopped = self.stopped();
        if *self.mode.borrow() == mode {
            stopped.parked.insert(id, parked);
            self.changed.notify_waiters();
        }
    }

    /// A session reads no more, whatever comes.
    pub(super) fn end(&self, id: u64) {
        self.stopped().ending.insert(id);
        self.changed.notify_waiters();
    }

    /// A session is over.
    pub(super) fn forget(&self, id: u64) {
        let mut stopped = self.stopped();
        stopped.parked.remove(&id);
        stopped.ending.remove(&id);
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
        let stopped = self.stopped();
        stopped.parked.contains_key(&id) || stopped.ending.contains(&id)
    }

    /// The connections of all that are parked, or what kept one from being passed on.
    pub(super) fn take_connections(&self) -> io::Result<Vec<PassedConnection>> {
        let parked = std::mem::take(&mut self.stopped().parked);
        parked.into_values().filter_map(Parked::transpose).collect()
    }

    fn stopped(&self) -> MutexGuard<'_, Stopped> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
