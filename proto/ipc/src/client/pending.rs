use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::{oneshot, watch},
    time::Instant,
};

use super::ClientError;
use crate::call::CallId;

type Answer = Result<Bytes, ClientError>;

/// The calls of one connection that wait for their reply.
#[derive(Debug)]
pub(super) struct Pending {
    state: Mutex<State>,
    /// Why the connection ended, once it has.
    ended: watch::Sender<Option<ClientError>>,
}

#[derive(Debug)]
struct State {
    calls: BTreeMap<CallId, oneshot::Sender<Answer>>,
    /// The connection is no more: nothing can be added.
    closed: bool,
    last_used: Instant,
}

impl Pending {
    pub(super) fn new() -> Self {
        let state = State { calls: BTreeMap::new(), closed: false, last_used: Instant::now() };
        Self { state: Mutex::new(state), ended: watch::Sender::new(None) }
    }

    /// Adds a call; `None` if the connection is closed.
    pub(super) fn add(&self, call_id: CallId) -> Option<oneshot::Receiver<Answer>> {
        let mut state = self.lock();
        if state.closed {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        state.calls.insert(call_id, sender);
        state.last_used = Instant::now();
        Some(receiver)
    }

    /// Answers a call. A call nobody waits for any more is ignored.
    pub(super) fn complete(&self, call_id: CallId, answer: Answer) {
        let mut state = self.lock();
        state.last_used = Instant::now();
        if let Some(sender) = state.calls.remove(&call_id) {
            let _ = sender.send(answer);
        }
    }

    /// Forgets a call its caller gave up.
    pub(super) fn forget(&self, call_id: CallId) {
        self.lock().calls.remove(&call_id);
    }

    /// Ends the connection: every call fails with `error`.
    pub(super) fn close(&self, error: &ClientError) {
        let mut state = self.lock();
        state.closed = true;
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            ended.get_or_insert_with(|| error.clone());
            first
        });
        for (_, sender) in std::mem::take(&mut state.calls) {
            let _ = sender.send(Err(error.clone()));
        }
    }

    /// Ends the connection if nothing was asked for so long; tells whether it did.
    pub(super) fn close_if_unused(&self, max_idle: Duration) -> bool {
        let mut state = self.lock();
        if state.calls.is_empty() && state.last_used.elapsed() >= max_idle {
            state.closed = true;
        }
        state.closed
    }

    /// Waits until the connection has ended, and tells why. `None` if nobody said.
    pub(super) async fn ended(&self) -> Option<ClientError> {
        let mut ended = self.ended.subscribe();
        let error = ended.wait_for(Option::is_some).await.ok()?;
        error.clone()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().calls.is_empty()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_fails_every_call_and_takes_no_more() {
        let pending = Pending::new();
        let mut waiting = pending.add(CallId(0)).unwrap();
        pending.close(&ClientError::closed("gone"));
        assert!(matches!(waiting.try_recv().unwrap(), Err(ClientError::Closed(_))));
        assert!(pending.add(CallId(1)).is_none());
    }

    #[tokio::test]
    async fn the_first_reason_is_told_early_and_late() {
        let pending = Pending::new();
        let (ended, ()) = tokio::join!(pending.ended(), async {
            pending.close(&ClientError::closed("first"));
            pending.close(&ClientError::closed("second"));
        });
        for ended in [ended, pending.ended().await] {
            assert_eq!(ended.unwrap().to_string(), "connection closed: first");
        }
    }

    #[test]
    fn a_used_connection_is_not_idle() {
        let pending = Pending::new();
        let _waiting = pending.add(CallId(0)).unwrap();
        assert!(!pending.close_if_unused(Duration::ZERO));
        pending.forget(CallId(0));
        assert!(!pending.close_if_unused(Duration::from_secs(3600)));
        assert!(pending.close_if_unused(Duration::ZERO));
        assert!(pending.add(CallId(1)).is_none());
    }

    #[test]
    fn answers_to_forgotten_calls_are_ignored() {
        let pending = Pending::new();
        let mut waiting = pending.add(CallId(0)).unwrap();
        pending.complete(CallId(9), Ok(Bytes::new()));
        assert!(waiting.try_recv().is_err());
        pending.complete(CallId(0), Ok(Bytes::new()));
        assert!(waiting.try_recv().unwrap().is_ok());
    }
}
