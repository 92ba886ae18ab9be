use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering::Relaxed},
    },
    time::Duration,
};

use hadoop_proto::{Message, Required};
use tokio::{
    sync::{Mutex, Semaphore},
    time::{Instant, timeout_at},
};

use super::{
    ClientError, ClientOptions, Target,
    link::{Link, WaitingCall},
    request::{ClientId, call},
};
use crate::call::CallId;

/// A client of one protocol on one server.
pub struct Client {
    target: Target,
    options: ClientOptions,
    client_id: ClientId,
    next_call_id: AtomicI32,
    in_flight: Semaphore,
    link: Mutex<Option<Arc<Link>>>,
}

/// The end of a connection that no call was waiting on, or that some were.
#[derive(Debug, Clone)]
pub struct Disconnected {
    /// The address it led to.
    pub peer: SocketAddr,
    /// Why it ended.
    pub error: ClientError,
}

impl Client {
    /// A client with a fresh random id. Nothing is sent before the first call.
    pub fn new(target: Target, options: ClientOptions) -> Self {
        Self {
            target,
            client_id: rand::random(),
            next_call_id: AtomicI32::new(0),
            in_flight: Semaphore::new(options.max_calls_in_flight.max(1)),
            link: Mutex::new(None),
            options,
        }
    }

    /// Where this client calls.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Sends one call and waits for its reply. Calls may be made side by side; dropping the
    /// future gives the call up.
    pub async fn call<Req: Message, Resp: Required>(
        &self,
        method: &str,
        request: &Req,
    ) -> Result<Resp, ClientError> {
        self.call_within(self.options.call_timeout, method, request).await
    }

    /// As [`call`](Self::call), with a limit of its own for this call.
    pub async fn call_within<Req: Message, Resp: Required>(
        &self,
        limit: Duration,
        method: &str,
        request: &Req,
    ) -> Result<Resp, ClientError> {
        let deadline = Instant::now() + limit;
        let timed_out = || self.timed_out(limit);
        let turn = timeout_at(deadline, self.in_flight.acquire()).await;
        let _turn = turn.map_err(|_| timed_out())?;
        let waiting = timeout_at(deadline, self.begin(method, request))
            .await
            .unwrap_or_else(|_| Err(timed_out()))?;
        let answer = waiting.answer(deadline).await.unwrap_or_else(|| Err(timed_out()))?;
        Ok(hadoop_proto::decode(answer)?)
    }

    /// Waits until the connection ends, whether calls wait on it or not. `None`, at once, if
    /// there is none, or if it ended without a reason.
    pub async fn disconnected(&self) -> Option<Disconnected> {
        let link = self.link.lock().await.clone()?;
        let error = link.ended().await?;
        Some(Disconnected { peer: link.peer(), error })
    }

    /// The address of the latest connection; `None` before the first.
    pub async fn peer(&self) -> Option<SocketAddr> {
        self.link.lock().await.as_ref().map(|link| link.peer())
    }

    /// Closes the connection, if there is one: the next call resolves the name anew. Calls that
    /// wait on it fail.
    pub async fn disconnect(&self) {
        if let Some(link) = self.link.lock().await.take() {
            link.close("hung up on by this side");
        }
    }

    async fn begin(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<WaitingCall, ClientError> {
        // Negative ids mean something else: wrap to zero.
        let call_id = CallId(self.next_call_id.fetch_add(1, Relaxed) & i32::MAX);
        let packet = call(self.client_id, call_id, &self.options, method, request);
        loop {
            let link = self.link().await?;
            // An unused connection may close just now; the next one is fresh.
            if let Some(waiting) = link.begin(call_id, packet.clone()).await {
                return Ok(waiting);
            }
        }
    }

    fn timed_out(&self, after: Duration) -> ClientError {
        ClientError::Timeout { target: self.target.clone(), after }
    }

    /// The connection, opened if there is none.
    async fn link(&self) -> Result<Arc<Link>, ClientError> {
        let mut slot = self.link.lock().await;
        if let Some(link) = slot.as_ref().filter(|link| !link.is_closed()) {
            return Ok(link.clone());
        }
        let link = Link::open(&self.target, self.client_id, &self.options).await?;
        let link = Arc::new(link);
        *slot = Some(link.clone());
        Ok(link)
    }
}
