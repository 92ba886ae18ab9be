use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{BoxFuture, ready};
use tokio::sync::mpsc;

use super::memory_ledger::Kept;
use super::{MemorySession, Request};
use crate::lock::{
    Breadcrumb, LockError, LockOwner, LockService, LockSession, SessionEvent, SessionId,
};

/// An ensemble in memory. Clones are the same one.
#[derive(Clone, Debug)]
pub struct MemoryEnsemble {
    timeout: Duration,
    state: Arc<Mutex<State>>,
}

/// What the ensemble knows.
#[derive(Debug, Default)]
pub(super) struct State {
    last_session: i64,
    zxid: i64,
    sessions: BTreeMap<SessionId, Session>,
    lock: Option<(LockOwner, Bytes)>,
    pub(super) breadcrumb: Option<Breadcrumb>,
    pub(super) parent_missing: bool,
    breadcrumb_zxid: i64,
    pub(super) kept: Kept,
    faults: BTreeMap<Request, VecDeque<Fault>>,
}

/// A request that goes wrong: whether it is carried out all the same.
#[derive(Clone, Debug)]
struct Fault {
    error: LockError,
    is_carried_out: bool,
}

#[derive(Debug)]
struct Session {
    events: mpsc::UnboundedSender<SessionEvent>,
    last_contact: Instant,
    connected: bool,
    watching: bool,
    missed_a_change: bool,
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

impl State {
    /// Carries a request out, unless the session or a planned fault keeps it from that.
    pub(super) fn carry_out<T>(
        &mut self,
        session: SessionId,
        request: Request,
        change: impl FnOnce(&mut Self) -> Result<T, LockError>,
    ) -> Result<T, LockError> {
        let found = self.sessions.get_mut(&session).ok_or(LockError::SessionExpired)?;
        if !found.connected {
            return Err(LockError::ConnectionLoss);
        }
        found.last_contact = Instant::now();
        match self.take_fault(request) {
            Some(fault) if fault.is_carried_out => change(self).and(Err(fault.error)),
            Some(fault) => Err(fault.error),
            None => change(self),
        }
    }

    pub(super) fn create_lock(&mut self, session: SessionId, data: Bytes) -> Result<(), LockError> {
        if self.parent_missing {
            return Err(LockError::NoNode);
        }
        if self.lock.is_some() {
            return Err(LockError::NodeExists);
        }
        self.zxid += 1;
        self.lock = Some((LockOwner { session, version: 0, czxid: self.zxid }, data));
        self.tell_watchers(SessionEvent::LockCreated);
        Ok(())
    }

    pub(super) fn mark_lock(&mut self, data: Bytes) -> Result<(), LockError> {
        let (owner, _) = self.lock.as_ref().ok_or(LockError::NoNode)?;
        if owner.version != 0 {
            return Err(LockError::BadVersion);
        }
        self.lock = Some((LockOwner { version: LockOwner::MARKED, ..*owner }, data));
        self.tell_watchers(SessionEvent::LockChanged);
        Ok(())
    }

    pub(super) fn take_over(
        &mut self,
        session: SessionId,
        data: Bytes,
        breadcrumb_version: i32,
    ) -> Result<(), LockError> {
        let (owner, _) = self.lock.as_ref().ok_or(LockError::NoNode)?;
        let breadcrumb = self.breadcrumb.as_ref().ok_or(LockError::NoNode)?;
        if owner.version != LockOwner::MARKED || breadcrumb.version != breadcrumb_version {
            return Err(LockError::BadVersion);
        }
        let version = breadcrumb_version + 1;
        self.set_breadcrumb(Breadcrumb { data: data.clone(), version });
        self.delete_lock();
        self.create_lock(session, data)
    }

    pub(super) fn stat_lock(&mut self, session: SessionId) -> Option<LockOwner> {
        if let Some(found) = self.sessions.get_mut(&session) {
            found.watching = true;
        }
        self.lock.as_ref().map(|(owner, _)| *owner)
    }

    pub(super) fn read_lock(&self) -> Option<Bytes> {
        self.lock.as_ref().map(|(_, data)| data.clone())
    }

    pub(super) fn set_breadcrumb(&mut self, breadcrumb: Breadcrumb) {
        self.zxid += 1;
        self.breadcrumb_zxid = self.zxid;
        self.breadcrumb = Some(breadcrumb);
    }

    pub(super) fn breadcrumb_mzxid(&self) -> Option<i64> {
        self.breadcrumb.as_ref().map(|_| self.breadcrumb_zxid)
    }

    /// The end of a session, as the ensemble sees it: nothing is told.
    pub(super) fn end(&mut self, session: SessionId) {
        if self.lock.as_ref().is_some_and(|(owner, _)| owner.session == session) {
            self.delete_lock();
        }
    }

    pub(super) fn close(&mut self, session: SessionId) {
        self.end(session);
        self.sessions.remove(&session);
    }

    pub(super) fn last_contact(&self, session: SessionId) -> Option<Instant> {
        self.sessions.get(&session).map(|found| found.last_contact)
    }

    fn delete_lock(&mut self) {
        if self.lock.take().is_some() {
            self.tell_watchers(SessionEvent::LockDeleted);
        }
    }

    fn add_session(&mut self, events: mpsc::UnboundedSender<SessionEvent>) -> SessionId {
        self.last_session += 1;
        let id = SessionId(self.last_session);
        let session = Session {
            events,
            last_contact: Instant::now(),
            connected: true,
            watching: false,
            missed_a_change: false,
        };
        self.sessions.insert(id, session);
        id
    }

    fn add_fault(&mut self, request: Request, fault: Fault) {
        self.faults.entry(request).or_default().push_back(fault);
    }

    fn take_fault(&mut self, request: Request) -> Option<Fault> {
        self.faults.get_mut(&request)?.pop_front()
    }

    fn tell(&self, session: SessionId, event: SessionEvent) {
        if let Some(found) = self.sessions.get(&session) {
            // Nobody who listens any more is no fault of the ensemble.
            let _ = found.events.send(event);
        }
    }

    /// A watch is told once, and those out of contact when they are back.
    fn tell_watchers(&mut self, event: SessionEvent) {
        for session in self.sessions.values_mut().filter(|session| session.watching) {
            session.watching = false;
            if session.connected {
                let _ = session.events.send(event);
            } else {
                session.missed_a_change = true;
            }
        }
    }
}
