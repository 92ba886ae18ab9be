use std::sync::Arc;

use futures_util::future::{BoxFuture, ready};

use super::ensemble_state::State;
use super::{MemoryEnsemble, Request};
use crate::ledger::{Confirmation, FailoverRecord, History, Ledger, LedgerError, Paused, Standing};
use crate::lock::{LockError, SessionId};

/// The ledger of a [`MemoryEnsemble`], over one session. Its requests fail as
/// [`Request::Ledger`].
#[derive(Clone, Debug)]
pub struct MemoryLedger {
    ensemble: MemoryEnsemble,
    session: SessionId,
}

/// What it keeps.
#[derive(Debug, Default)]
pub(super) struct Kept {
    history: History,
    standing: Standing,
    changed: Arc<tokio::sync::Notify>,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, LedgerError>>;

impl MemoryLedger {
    pub(super) fn new(ensemble: MemoryEnsemble, session: SessionId) -> Self {
        Self { ensemble, session }
    }

    fn now<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, LedgerError> {
        let mut state = self.ensemble.state();
        let done = state.carry_out(self.session, Request::Ledger, |state| Ok(change(state)));
        let changed = Arc::clone(&state.kept.changed);
        drop(state);
        changed.notify_waiters();
        done.map_err(|source: LockError| {
            let path = "the ledger".to_owned();
            LedgerError::Znode { what: "use", path, source }
        })
    }

    fn ask<T: Send + 'static>(&self, change: impl FnOnce(&mut State) -> T) -> Answer<'_, T> {
        Box::pin(ready(self.now(change)))
    }
}

impl Ledger for MemoryLedger {
    fn record(&self, failover: FailoverRecord) -> Answer<'_, ()> {
        self.ask(|state| {
            state.kept.history.add(failover);
        })
    }

    fn history(&self) -> Answer<'_, Vec<FailoverRecord>> {
        self.ask(|state| state.kept.history.latest_first())
    }

    fn pause(&self, paused: Paused) -> Answer<'_, ()> {
        self.ask(|state| state.kept.standing.paused = Some(paused))
    }

    fn resume(&self) -> Answer<'_, bool> {
        self.ask(|state| state.kept.standing.paused.take().is_some())
    }

    fn paused(&self) -> Answer<'_, Option<Paused>> {
        self.ask(|state| state.kept.standing.paused.clone())
    }

    fn confirm_fenced(&self, confirmation: Confirmation) -> Answer<'_, ()> {
        let left = self.now(|state| {
            let mzxid = state.breadcrumb_mzxid();
            if mzxid != Some(confirmation.breadcrumb_mzxid) {
                return Err(LedgerError::BreadcrumbChanged);
            }
            state.kept.standing.confirmation = Some(confirmation);
            Ok(())
        });
        Box::pin(ready(left.flatten()))
    }

    fn confirmation(&self) -> Answer<'_, Option<Confirmation>> {
        self.ask(|state| state.kept.standing.confirmation.clone())
    }

    fn take_confirmation(&self, version: i32) -> Answer<'_, Option<Confirmation>> {
        self.ask(move |state| {
            let mzxid = state.breadcrumb_mzxid();
            let is_asked = state.breadcrumb.as_ref().is_some_and(|found| found.version == version);
            let left = &mut state.kept.standing.confirmation;
            left.take_if(|left| is_asked && mzxid == Some(left.breadcrumb_mzxid))
        })
    }

    fn changed(&self, seen: Standing) -> Answer<'_, Standing> {
        Box::pin(async move {
            loop {
                let changed = Arc::clone(&self.ensemble.state().kept.changed);
                let mut told = std::pin::pin!(changed.notified());
                told.as_mut().enable();
                let now = self.ensemble.state().kept.standing.clone();
                if now != seen {
                    return Ok(now);
                }
                told.await;
            }
        })
    }
}

#[cfg(test)]
#[path = "memory_ledger_tests.rs"]
mod tests;
