use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ServerOptions;

/// Room for calls over all connections, and for one connection's own.
#[derive(Clone)]
pub(super) struct Limits {
    calls: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    max_queued_calls: usize,
    max_queued_bytes: u32,
}

/// A call's share of the limits; dropping a part gives it back.
pub(super) struct Permits {
    /// Held until the handler is done. A client that does not read its replies holds none.
    pub(super) handling: (OwnedSemaphorePermit, OwnedSemaphorePermit),
    /// Held until the reply is written.
    pub(super) replying: OwnedSemaphorePermit,
}

impl Limits {
    pub(super) fn new(options: &ServerOptions) -> Self {
        let max_queued_bytes = u32::try_from(options.max_queued_bytes).unwrap_or(u32::MAX).max(1);
        let max_queued_calls = options.max_queued_calls.max(1);
        Self {
            calls: Arc::new(Semaphore::new(max_queued_calls)),
            bytes: Arc::new(Semaphore::new(max_queued_bytes as usize)),
            max_queued_calls,
            max_queued_bytes,
        }
    }

    /// Waits for room for a call of `request_bytes`. The connection's own limit comes first, so
    /// that a connection waiting for it holds nothing others wait for.
    ///
    /// `None` cannot happen: no semaphore here is ever closed.
    pub(super) async fn acquire(
        &self,
        connection: &Arc<Semaphore>,
        request_bytes: usize,
    ) -> Option<Permits> {
        let replying = connection.clone().acquire_owned().await.ok()?;
        let share = u32::try_from(request_bytes).unwrap_or(u32::MAX).min(self.max_queued_bytes);
        let bytes = self.bytes.clone().acquire_many_owned(share).await.ok()?;
        let call = self.calls.clone().acquire_owned().await.ok()?;
        Some(Permits { handling: (call, bytes), replying })
    }

    /// Whether no call is with its handler.
    pub(super) fn is_unused(&self) -> bool {
        self.calls.available_permits() == self.max_queued_calls
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn limits(max_queued_calls: usize, max_queued_bytes: usize) -> Limits {
        Limits::new(&ServerOptions { max_queued_calls, max_queued_bytes, ..Default::default() })
    }

    #[test]
    fn unread_replies_hold_nothing_others_need() {
        let limits = limits(1, 10);
        let (lazy, busy) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(1)));
        let permits = limits.acquire(&lazy, 10).now_or_never().unwrap().unwrap();
        assert!(limits.acquire(&busy, 1).now_or_never().is_none());
        drop(permits.handling);
        assert!(limits.acquire(&busy, 1).now_or_never().is_some());
        assert!(limits.acquire(&lazy, 1).now_or_never().is_none());
        drop(permits.replying);
        assert!(limits.acquire(&lazy, 1).now_or_never().is_some());
    }

    #[test]
    fn a_request_above_the_budget_waits_for_all_of_it() {
        let limits = limits(9, 10);
        let own = Arc::new(Semaphore::new(9));
        let small = limits.acquire(&own, 1).now_or_never().unwrap();
        assert!(limits.acquire(&own, 1000).now_or_never().is_none());
        drop(small);
        assert!(limits.acquire(&own, 1000).now_or_never().is_some());
    }
}
