use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{BoxFuture, ready};
use tokio::sync::mpsc;

use super::ensemble_state::{Fault, State};
use super::{MemorySession, Request};
use crate::lock::{Breadcrumb, LockError, LockService, LockSession, SessionEvent, SessionId};

/// An ensemble in memory. Clones are the same one.
#[derive(Clone, Debug)]
pub struct MemoryEnsemble {
    timeout: Duration,
    state: Arc<Mutex<State>>,
}

impl MemoryEnsemble {
    /// Sessions live this long without contact, as far as [`LockSession::timeout`] tells: they
    /// expire when [`MemoryEnsemble::expire`] says so.
    pub fn new(timeout: Duration) -> Self {
        Self { timeout, state: Arc::default() }
    }

    /// The ensemble ends the session: its lock goes, and it is told.
    pub fn expire(&self, session: SessionId) {
        let mut state = self.state();
        state.end(session);
        state.tell(session, SessionEvent::Expired);
        state.sessions.remove(&session);
    }

    /// The session loses contact: its requests are `ConnectionLoss` and not carried out.
    pub fn disconnect(&self, session: SessionId) {
        let mut state = self.state();
        if let Some(found) = state.sessions.get_mut(&session) {
            found.connected = false;
        }
        state.tell(session, SessionEvent::Disconnected);
    }

    /// The session has contact again. A change of the lock it was to be told of follows.
    pub fn reconnect(&self, session: SessionId) {
        let mut state = self.state();
        let Some(found) = state.sessions.get_mut(&session) else { return };
        (found.connected, found.last_contact) = (true, Instant::now());
        let missed = std::mem::take(&mut found.missed_a_change);
        state.tell(session, SessionEvent::Connected);
        if missed {
            state.tell(session, SessionEvent::LockChanged);
        }
    }

    /// The ensemble does not take the session's credentials.
    pub fn refuse_credentials(&self, session: SessionId) {
        let mut state = self.state();
        state.end(session);
        state.tell(session, SessionEvent::AuthFailed);
        state.sessions.remove(&session);
    }

    /// The next such request fails, and is not carried out. Several queue up.
    pub fn fail_next(&self, request: Request, error: LockError) {
        self.state().add_fault(request, Fault { error, is_carried_out: false });
    }

    /// The next such request is carried out, and its answer lost: `ConnectionLoss`.
    pub fn lose_next_answer(&self, request: Request) {
        let error = LockError::ConnectionLoss;
        self.state().add_fault(request, Fault { error, is_carried_out: true });
    }

    /// Whether the znode of the nameservice is there; it is, at first.
    pub fn set_parent_exists(&self, exists: bool) {
        self.state().parent_missing = !exists;
    }

    /// Takes the lock away from whoever holds it, as an operator with `zkCli` would.
    pub fn delete_lock(&self) {
        self.state().delete_lock();
    }

    /// Whether the lock is marked.
    pub fn is_marked(&self) -> bool {
        self.state().lock.as_ref().is_some_and(|(owner, _)| owner.version > 0)
    }

    /// Who holds the lock, and what is written in it.
    pub fn lock(&self) -> Option<(SessionId, Bytes)> {
        self.state().lock.as_ref().map(|(owner, data)| (owner.session, data.clone()))
    }

    /// The breadcrumb.
    pub fn breadcrumb(&self) -> Option<Breadcrumb> {
        self.state().breadcrumb.clone()
    }

    /// Leaves a breadcrumb, as an earlier controller would have.
    pub fn set_breadcrumb(&self, data: impl Into<Bytes>) {
        self.state().set_breadcrumb(Breadcrumb { data: data.into(), version: 0 });
    }

    /// The transaction that wrote the breadcrumb.
    pub fn breadcrumb_mzxid(&self) -> Option<i64> {
        self.state().breadcrumb_mzxid()
    }

    /// The sessions that live.
    pub fn sessions(&self) -> Vec<SessionId> {
        self.state().sessions.keys().copied().collect()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_now(&self) -> Result<Arc<dyn LockSession>, LockError> {
        let mut state = self.state();
        let fault = state.take_fault(Request::Open);
        if let Some(fault) = fault {
            return Err(fault.error);
        }
        let (sender, events) = mpsc::unbounded_channel();
        let id = state.add_session(sender);
        drop(state);
        Ok(Arc::new(MemorySession::new(self.clone(), id, self.timeout, events)))
    }
}

impl LockService for MemoryEnsemble {
    fn open(&self) -> BoxFuture<'_, Result<Arc<dyn LockSession>, LockError>> {
        Box::pin(ready(self.open_now()))
    }
}
