use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::Request;
use super::memory_ledger::Kept;
use crate::lock::{Breadcrumb, LockError, LockOwner, SessionEvent, SessionId};

/// What the ensemble knows.
#[derive(Debug, Default)]
pub(super) struct State {
    last_session: i64,
    zxid: i64,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) lock: Option<(LockOwner, Bytes)>,
    pub(super) breadcrumb: Option<Breadcrumb>,
    pub(super) parent_missing: bool,
    breadcrumb_zxid: i64,
    pub(super) kept: Kept,
    faults: BTreeMap<Request, VecDeque<Fault>>,
}

/// A request that goes wrong: whether it is carried out all the same.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) error: LockError,
    pub(super) is_carried_out: bool,
}

#[derive(Debug)]
pub(super) struct Session {
    events: mpsc::UnboundedSender<SessionEvent>,
    pub(super) last_contact: Instant,
    pub(super) connected: bool,
    watching: bool,
    pub(super) missed_a_change: bool,
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

    pub(super) fn delete_lock(&mut self) {
        if self.lock.take().is_some() {
            self.tell_watchers(SessionEvent::LockDeleted);
        }
    }

    pub(super) fn add_session(&mut self, events: mpsc::UnboundedSender<SessionEvent>) -> SessionId {
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

    pub(super) fn add_fault(&mut self, request: Request, fault: Fault) {
        self.faults.entry(request).or_default().push_back(fault);
    }

    pub(super) fn take_fault(&mut self, request: Request) -> Option<Fault> {
        self.faults.get_mut(&request)?.pop_front()
    }

    pub(super) fn tell(&self, session: SessionId, event: SessionEvent) {
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
