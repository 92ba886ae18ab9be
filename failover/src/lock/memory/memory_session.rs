use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::{BoxFuture, ready};
use tokio::sync::mpsc;

use super::ensemble_state::State;
use super::{MemoryEnsemble, MemoryLedger, Request};
use crate::ledger::Ledger;
use crate::lock::{Breadcrumb, LockError, LockOwner, LockSession, SessionEvent, SessionId};

/// A session with a [`MemoryEnsemble`].
#[derive(Debug)]
pub struct MemorySession {
    ensemble: MemoryEnsemble,
    id: SessionId,
    timeout: Duration,
    opened: Instant,
    events: Mutex<Option<mpsc::UnboundedReceiver<SessionEvent>>>,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, LockError>>;

impl MemorySession {
    pub(super) fn new(
        ensemble: MemoryEnsemble,
        id: SessionId,
        timeout: Duration,
        events: mpsc::UnboundedReceiver<SessionEvent>,
    ) -> Self {
        let events = Mutex::new(Some(events));
        Self { ensemble, id, timeout, opened: Instant::now(), events }
    }

    fn ask<T: Send + 'static>(
        &self,
        request: Request,
        change: impl FnOnce(&mut State) -> Result<T, LockError>,
    ) -> Answer<'_, T> {
        Box::pin(ready(self.ensemble.state().carry_out(self.id, request, change)))
    }
}

impl LockSession for MemorySession {
    fn id(&self) -> SessionId {
        self.id
    }

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn last_contact(&self) -> Instant {
        self.ensemble.state().last_contact(self.id).unwrap_or(self.opened)
    }

    fn parent_exists(&self) -> Answer<'_, bool> {
        self.ask(Request::ParentExists, |state| Ok(!state.parent_missing))
    }

    fn create_lock(&self, data: Bytes) -> Answer<'_, ()> {
        self.ask(Request::CreateLock, |state| state.create_lock(self.id, data))
    }

    fn stat_lock(&self) -> Answer<'_, Option<LockOwner>> {
        self.ask(Request::StatLock, |state| Ok(state.stat_lock(self.id)))
    }

    fn read_lock(&self) -> Answer<'_, Option<Bytes>> {
        self.ask(Request::ReadLock, |state| Ok(state.read_lock()))
    }

    fn read_breadcrumb(&self) -> Answer<'_, Option<Breadcrumb>> {
        self.ask(Request::ReadBreadcrumb, |state| Ok(state.breadcrumb.clone()))
    }

    fn write_breadcrumb(&self, data: Bytes, expected: Option<i32>) -> Answer<'_, ()> {
        self.ask(Request::WriteBreadcrumb, |state| {
            let version = match (&state.breadcrumb, expected) {
                (Some(_), None) => return Err(LockError::NodeExists),
                (None, Some(_)) => return Err(LockError::NoNode),
                (None, None) => 0,
                (Some(found), Some(expected)) if found.version == expected => expected + 1,
                (Some(_), Some(_)) => return Err(LockError::BadVersion),
            };
            state.set_breadcrumb(Breadcrumb { data, version });
            Ok(())
        })
    }

    fn delete_breadcrumb(&self, version: i32) -> Answer<'_, ()> {
        self.ask(Request::DeleteBreadcrumb, |state| match &state.breadcrumb {
            None => Err(LockError::NoNode),
            Some(found) if found.version != version => Err(LockError::BadVersion),
            Some(_) => {
                state.breadcrumb = None;
                Ok(())
            }
        })
    }

    fn mark_lock(&self, data: Bytes) -> Answer<'_, ()> {
        self.ask(Request::MarkLock, |state| state.mark_lock(data))
    }

    fn take_over(&self, data: Bytes, breadcrumb_version: i32) -> Answer<'_, ()> {
        self.ask(Request::TakeOver, |state| state.take_over(self.id, data, breadcrumb_version))
    }

    fn events(&self) -> mpsc::UnboundedReceiver<SessionEvent> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner).take();
        events.unwrap_or_else(|| mpsc::unbounded_channel().1)
    }

    fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::new(MemoryLedger::new(self.ensemble.clone(), self.id))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.ensemble.state().close(self.id);
        Box::pin(ready(()))
    }
}

impl Drop for MemorySession {
    fn drop(&mut self) {
        self.ensemble.state().close(self.id);
    }
}

#[cfg(test)]
#[path = "memory_session_tests.rs"]
mod tests;
