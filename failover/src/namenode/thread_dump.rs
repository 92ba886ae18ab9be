use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::time::timeout;
use tracing::{info, warn};

use hadoop_ipc::client::Target;
use hadoop_ipc::net;

/// Longest dump that is kept, in bytes. A busy NameNode has some thousand threads.
const MAX_DUMP_BYTES: usize = 4 << 20;

/// What the threads of a NameNode are doing, as its web server tells (`/stacks`).
///
/// It is for the log, and for nothing else: run it beside whatever has to be done, never before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadDump {
    /// The web server: `http-address` of the NameNode.
    pub address: Target,
    /// Longest wait for the connection, and then for each part of the answer
    /// (`dfs.ha.zkfc.nn.http.timeout.ms`). All together may take twice as long.
    pub timeout: Duration,
}

/// Why there is no dump.
#[derive(Debug, Error)]
pub enum ThreadDumpError {
    /// No connection.
    #[error("cannot connect: {0}")]
    Connect(#[from] std::io::Error),
    /// No answer, or no end of it, in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// Not HTTP, or cut off.
    #[error("bad answer: {0}")]
    Http(#[from] hyper::Error),
    /// A request that HTTP does not allow: the host is not one.
    #[error("bad request: {0}")]
    Request(#[from] hyper::http::Error),
    /// It answered something else.
    #[error("it answered {0}")]
    Status(StatusCode),
}

impl ThreadDump {
    /// Asks for the dump and logs it, whole at INFO; a failure is a warning.
    pub async fn log(&self) {
        match self.fetch().await {
            Ok(dump) => {
                info!("threads of the NameNode at {}:", self.address);
                dump.lines().for_each(|line| info!("{line}"));
            }
            Err(error) => {
                warn!("cannot have the thread dump of the NameNode at {}: {error}", self.address);
            }
        }
    }

    /// The dump, cut off if it is very long.
    pub async fn fetch(&self) -> Result<String, ThreadDumpError> {
        let whole = timeout(self.timeout * 2, self.fetch_unbounded()).await;
        whole.unwrap_or(Err(ThreadDumpError::TimedOut(self.timeout * 2)))
    }

    async fn fetch_unbounded(&self) -> Result<String, ThreadDumpError> {
        let connect = net::connect(&self.address.host, self.address.port);
        let stream = self.within(connect).await??;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let request = Request::get("/stacks")
            .header(HOST, self.address.to_string())
            .body(Empty::<Bytes>::new())?;
        let exchange = async {
            let response = self.within(sender.send_request(request)).await??;
            match response.status() {
                StatusCode::OK => self.body(response).await,
                other => Err(ThreadDumpError::Status(other)),
            }
        };
        let mut exchange = std::pin::pin!(exchange);
        tokio::select! {
            answer = exchange.as_mut() => answer,
            // The connection may end with the last part of the answer still to be read.
            _ = connection => exchange.await,
        }
    }

    async fn body(&self, mut response: Response<Incoming>) -> Result<String, ThreadDumpError> {
        let mut dump = Vec::new();
        while let Some(frame) = self.within(response.frame()).await? {
            if let Ok(data) = frame?.into_data() {
                dump.extend_from_slice(&data);
            }
            if dump.len() > MAX_DUMP_BYTES {
                dump.truncate(MAX_DUMP_BYTES);
                dump.extend_from_slice(b"\n(the rest is cut off)");
                break;
            }
        }
        Ok(String::from_utf8_lossy(&dump).into_owned())
    }

    async fn within<T>(&self, step: impl Future<Output = T>) -> Result<T, ThreadDumpError> {
        timeout(self.timeout, step).await.map_err(|_| ThreadDumpError::TimedOut(self.timeout))
    }
}
