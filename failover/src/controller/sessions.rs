use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

use super::faults;
use super::input::{Input, Inputs};
use crate::engine::SessionNo;
use crate::lock::{LockService, LockSession};

/// The sessions with the ensemble: the one in use, one on its way, and those being closed.
pub(super) struct Sessions {
    lock: Arc<dyn LockService>,
    inputs: Inputs,
    opening: BTreeMap<SessionNo, AbortOnDropHandle<()>>,
    open: BTreeMap<SessionNo, Open>,
    closing: watch::Sender<usize>,
}

struct Open {
    session: Arc<dyn LockSession>,
    opened: Instant,
    /// The last contact that the engine was given.
    told: Instant,
    _events: AbortOnDropHandle<()>,
}

impl Sessions {
    pub(super) fn new(lock: Arc<dyn LockService>, inputs: Inputs) -> Self {
        let closing = watch::channel(0).0;
        Self { lock, inputs, opening: BTreeMap::new(), open: BTreeMap::new(), closing }
    }

    pub(super) fn start_opening(&mut self, no: SessionNo) {
        let (lock, inputs) = (Arc::clone(&self.lock), self.inputs.clone());
        let task = tokio::spawn(async move {
            let opened = lock.open().await;
            let _ = inputs.send(Input::Opened(no, opened));
        });
        self.opening.insert(no, AbortOnDropHandle::new(task));
    }

    /// Takes an open session in. One that was given up meanwhile too: closing it is asked for.
    pub(super) fn opened(&mut self, no: SessionNo, session: Arc<dyn LockSession>) {
        self.opening.remove(&no);
        let (mut events, inputs) = (session.events(), self.inputs.clone());
        let forward = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                let _ = inputs.send(Input::Session(no, faults::of_session(event)));
            }
        });
        let (opened, told) = (Instant::now(), session.last_contact());
        let events = AbortOnDropHandle::new(forward);
        self.open.insert(no, Open { session, opened, told, _events: events });
    }

    pub(super) fn not_opened(&mut self, no: SessionNo) {
        self.opening.remove(&no);
    }

    pub(super) fn close(&mut self, no: SessionNo) {
        self.opening.remove(&no);
        let Some(open) = self.open.remove(&no) else { return };
        self.closing.send_modify(|count| *count += 1);
        let closing = self.closing.clone();
        tokio::spawn(async move {
            open.session.close().await;
            closing.send_modify(|count| *count -= 1);
        });
    }

    /// Forgets the session without ending it: its lock stays until the ensemble expires it. Only
    /// the end of the process follows, so nothing of it is given back here.
    pub(super) fn detach(&mut self, no: SessionNo) {
        if let Some(open) = self.open.remove(&no) {
            std::mem::forget(open.session);
        }
    }

    pub(super) fn find(&self, no: SessionNo) -> Option<Arc<dyn LockSession>> {
        self.open.get(&no).map(|open| Arc::clone(&open.session))
    }

    /// The session in use and when it was opened.
    pub(super) fn current(&self) -> Option<(Arc<dyn LockSession>, Instant)> {
        let (_, open) = self.open.last_key_value()?;
        Some((Arc::clone(&open.session), open.opened))
    }

    /// A contact that the engine does not know of yet.
    pub(super) fn new_contact(&mut self) -> Option<(SessionNo, Instant)> {
        let mut last = self.open.last_entry()?;
        let contact = last.get().session.last_contact();
        if contact <= last.get().told {
            return None;
        }
        last.get_mut().told = contact;
        Some((*last.key(), contact))
    }

    /// Ends when every session that was closed until then is.
    pub(super) fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut closing = self.closing.subscribe();
        async move {
            let _ = closing.wait_for(|count| *count == 0).await;
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        *self.closing.borrow() > 0
    }
}
