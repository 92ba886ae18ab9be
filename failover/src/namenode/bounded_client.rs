use std::net::SocketAddr;
use std::time::Duration;

use hadoop_ipc::client::{Client, ClientError, Disconnected, Target};
use hadoop_proto::{Message, Required};
use tokio::time::{Instant, sleep};

use super::{CallOptions, Fault};

/// A client whose calls end in time, come what may: connects, pauses and the wait for the answer
/// share one limit.
pub(crate) struct BoundedClient {
    client: Client,
    connect_retries: u32,
    connect_retry_interval: Duration,
}

impl BoundedClient {
    pub(crate) fn new(protocol: &str, target: Target, options: &CallOptions) -> Self {
        Self {
            client: Client::new(target, options.client(protocol)),
            connect_retries: options.connect_retries,
            connect_retry_interval: options.connect_retry_interval,
        }
    }

    /// One call. A connect that is refused is tried again as often as the options say; a call
    /// that was sent never is.
    pub(crate) async fn call<Req: Message, Resp: Required>(
        &self,
        limit: Duration,
        method: &str,
        request: &Req,
    ) -> Result<Resp, Fault> {
        let deadline = Instant::now() + limit;
        let mut retries = self.connect_retries;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let answer = self.client.call_within(left, method, request).await;
            let fault = match answer {
                Ok(answer) => return Ok(answer),
                // What was left of the limit would say little.
                Err(ClientError::Timeout { target, .. }) => {
                    Fault::new(self.target(), ClientError::Timeout { target, after: limit })
                }
                Err(error) => Fault::new(self.target(), error),
            };
            let pause_fits = Instant::now() + self.connect_retry_interval < deadline;
            if retries == 0 || !fault.is_worth_another_connect() || !pause_fits {
                return Err(fault);
            }
            retries -= 1;
            sleep(self.connect_retry_interval).await;
        }
    }

    pub(crate) fn target(&self) -> &Target {
        self.client.target()
    }

    /// Waits until the open connection ends; `None`, at once, if there is none.
    pub(crate) async fn disconnected(&self) -> Option<Disconnected> {
        self.client.disconnected().await
    }

    pub(crate) async fn disconnect(&self) {
        self.client.disconnect().await;
    }

    pub(crate) async fn peer(&self) -> Option<SocketAddr> {
        self.client.peer().await
    }
}
