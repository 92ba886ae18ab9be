use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_LENGTH;
use hyper::{Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

use super::SegmentReadError;
use crate::fetch::Connector;
use crate::quorum::QuorumOptions;
use crate::quorum::engine::{Op, OpDecoder};
use crate::types::TxId;

/// Reads segments over HTTP (`EditLogFileInputStream.URLLog`).
pub(super) struct SegmentStream {
    client: Client<Connector, Empty<Bytes>>,
    open_timeout: Duration,
    read_timeout: Duration,
    max_txns: usize,
    max_bytes: usize,
}

/// Which transactions of which segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The segment starts with this one.
    pub(super) first: TxId,
    /// Wanted from here on.
    pub(super) since: TxId,
    /// To here.
    pub(super) last: TxId,
}

/// The operations taken so far.
struct Taken {
    wanted: Wanted,
    next: TxId,
    ops: Vec<Op>,
    bytes: usize,
}

impl SegmentStream {
    pub(super) fn new(options: &QuorumOptions) -> Self {
        let connector = Connector::new(options.timeouts.http_open);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            open_timeout: options.timeouts.http_open,
            read_timeout: options.timeouts.http_read,
            max_txns: options.max_txns_per_read as usize,
            max_bytes: options.max_bytes_per_read,
        }
    }

    /// The wanted transactions, up to the limits; the rest of the segment is not waited for.
    /// Fails if not even one of them is there.
    pub(super) async fn read(
        &self,
        url: &str,
        wanted: Wanted,
    ) -> Result<Vec<Op>, SegmentReadError> {
        let mut body = self.open(url).await?.into_body();
        let mut decoder = OpDecoder::default();
        let mut taken = Taken { wanted, next: wanted.first, ops: Vec::new(), bytes: 0 };
        while !self.is_enough(&taken) {
            if let Some(op) = decoder.next_op()? {
                taken.take(op)?;
                continue;
            }
            let piece = timeout(self.read_timeout, body.frame()).await;
            match piece.map_err(|_| self.silent())? {
                None => return taken.at_end(&decoder),
                Some(Err(error)) => return Err(SegmentReadError::Http(error.to_string())),
                Some(Ok(frame)) => decoder.feed(&frame.into_data().unwrap_or_default()),
            }
        }
        Ok(taken.ops)
    }

    async fn open(&self, url: &str) -> Result<Response<Incoming>, SegmentReadError> {
        let uri: Uri = url.parse().map_err(|_| SegmentReadError::Http(format!("bad url {url}")))?;
        let answer = timeout(self.open_timeout, self.client.get(uri)).await;
        let response = answer
            .map_err(|_| self.silent())?
            .map_err(|error| SegmentReadError::Http(error.to_string()))?;
        if response.status() != StatusCode::OK {
            return Err(SegmentReadError::Status(response.status().as_u16()));
        }
        let length = response.headers().get(CONTENT_LENGTH).and_then(|l| l.to_str().ok());
        match length.and_then(|length| length.parse::<u64>().ok()) {
            None | Some(0) => Err(SegmentReadError::NoContentLength),
            Some(_) => Ok(response),
        }
    }

    fn is_enough(&self, taken: &Taken) -> bool {
        taken.next > taken.wanted.last
            || taken.ops.len() >= self.max_txns
            || taken.bytes > self.max_bytes
    }

    fn silent(&self) -> SegmentReadError {
        SegmentReadError::Http(format!("no answer within {:?}", self.read_timeout))
    }
}

impl Taken {
    fn take(&mut self, op: Op) -> Result<(), SegmentReadError> {
        if op.txid != self.next {
            return Err(SegmentReadError::OutOfOrder { expected: self.next, found: op.txid });
        }
        self.next = op.txid.next();
        if op.txid >= self.wanted.since {
            self.bytes += op.bytes.len();
            self.ops.push(op);
        }
        Ok(())
    }

    /// A copy in progress may be shorter than was thought; what is there is good.
    fn at_end(self, decoder: &OpDecoder) -> Result<Vec<Op>, SegmentReadError> {
        match decoder.is_at_boundary() && !self.ops.is_empty() {
            true => Ok(self.ops),
            false => Err(SegmentReadError::Short(self.next)),
        }
    }
}
