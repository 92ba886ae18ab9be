use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::AtomicU64, atomic::Ordering::Relaxed},
    time::Instant,
};

use bytes::Bytes;
use futures_util::FutureExt;
use tracing::{debug, error, warn};

use super::{
    IncomingCall, RpcMetrics,
    limits::Permits,
    metrics::CallTimes,
    router::{Router, call_failure},
    writer::Writer,
};
use crate::call::{CallError, Failure, Response, RpcException, class_name};

/// What running a call needs besides the call.
pub(super) struct Executor {
    pub(super) router: Router,
    pub(super) metrics: Arc<RpcMetrics>,
    pub(super) max_response_size_bytes: usize,
}

/// A call on its way to its handler, with the times it passed.
pub(super) struct QueuedCall {
    pub(super) call: IncomingCall,
    pub(super) permits: Permits,
    pub(super) arrived: Instant,
    pub(super) queued: Instant,
}

/// What came of a call, and the name it is counted under.
struct Outcome {
    counted_as: String,
    result: Result<Bytes, Failure>,
}

impl Executor {
    /// Runs one call to its reply. Runs on if the connection dies.
    pub(super) async fn execute(&self, queued: QueuedCall, writer: Arc<Writer>) {
        let QueuedCall { call, permits, arrived, queued } = queued;
        let in_flight = Gauge::enter(&self.metrics.calls_in_flight);
        self.metrics.call_queue_length.fetch_sub(1, Relaxed);
        let begun = Instant::now();
        let outcome = self.handle(call.body, &call.caller).await;
        let handled = Instant::now();
        drop(permits.handling);

        let response = match &outcome.result {
            Ok(body) => Response::success(&call.to, body.clone()),
            Err(failure) => Response::error(&call.to, failure),
        };
        if response.len() > self.max_response_size_bytes {
            warn!(call = %call.to.call_id, method = outcome.counted_as, bytes = response.len(), "large response");
        }
        if let Err(error) = writer.send(response).await {
            debug!(call = %call.to.call_id, peer = %call.caller.address, %error, "reply not sent");
        }
        let times = CallTimes {
            enqueue: queued - arrived,
            queue: begun - queued,
            processing: handled - begun,
            response: handled.elapsed(),
        };
        self.metrics.finish_call(&outcome.counted_as, outcome.result.is_ok(), times);
        drop(in_flight);
        drop(permits.replying);
    }

    async fn handle(&self, body: Bytes, caller: &Arc<super::Caller>) -> Outcome {
        let (protocol, call) = match self.router.route(body, caller.clone()) {
            Ok(routed) => routed,
            Err(failure) => return Outcome::failed(failure),
        };
        let method = call.method.clone();
        // The handler is entered inside the future: a panic on the way there counts too.
        let handler = async move { protocol.call(call).await };
        match AssertUnwindSafe(handler).catch_unwind().await {
            Ok(Ok(body)) => Outcome { counted_as: method, result: Ok(body) },
            Ok(Err(error)) => Outcome::failed(call_failure(error, &method, caller)),
            Err(panic) => {
                error!(method, panic = panic_text(&*panic), "handler panicked");
                let text = format!("the handler of {method} failed unexpectedly");
                let exception = CallError::Exception(RpcException::new(class_name::RUNTIME, text));
                Outcome::failed(call_failure(exception, &method, caller))
            }
        }
    }
}

impl Outcome {
    fn failed(failure: Failure) -> Self {
        let counted_as = failure.exception.simple_name().to_owned();
        Self { counted_as, result: Err(failure) }
    }
}

/// One more while it lives.
pub(super) struct Gauge<'a>(&'a AtomicU64);

impl<'a> Gauge<'a> {
    pub(super) fn enter(gauge: &'a AtomicU64) -> Self {
        gauge.fetch_add(1, Relaxed);
        Self(gauge)
    }
}

impl Drop for Gauge<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("not a text")
}
