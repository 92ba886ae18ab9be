use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
    time::{Instant, sleep},
};

use super::{
    ClientError, ClientOptions, Closed,
    pending::Pending,
    reply::Reply,
    request::{ClientId, ping},
};
use crate::{
    frame::FrameDecoder,
    net::{OwnedReadHalf, OwnedWriteHalf},
};

/// How often, at most, a waiting client looks whether to ping or to hang up.
const SHORTEST_TICK: Duration = Duration::from_millis(1);

/// What the two directions of a connection share.
pub(super) struct LinkIo {
    pub(super) client_id: ClientId,
    pub(super) pending: Arc<Pending>,
    /// Bytes that came from the server.
    pub(super) received: Arc<AtomicU64>,
    pub(super) max_response_length_bytes: usize,
    pub(super) ping_interval: Duration,
    pub(super) max_idle: Duration,
}

impl LinkIo {
    pub(super) fn new(client_id: ClientId, options: &ClientOptions) -> Self {
        Self {
            client_id,
            pending: Arc::new(Pending::new()),
            received: Arc::default(),
            max_response_length_bytes: options.max_response_length_bytes,
            ping_interval: options.ping_interval,
            max_idle: options.max_idle,
        }
    }

    /// Moves requests and replies until the connection ends, then fails what still waits.
    pub(super) async fn run(
        self,
        (reader, writer): (OwnedReadHalf, OwnedWriteHalf),
        opening: Bytes,
        requests: mpsc::Receiver<Bytes>,
    ) {
        let ended = tokio::select! {
            biased;
            error = self.receive(reader) => error,
            ended = self.send(writer, opening, requests) => match ended {
                Err(error) => error,
                Ok(()) => ClientError::closed("unused"),
            },
        };
        self.pending.close(&ended);
    }

    async fn receive(&self, mut reader: OwnedReadHalf) -> ClientError {
        let mut frames = FrameDecoder::new(self.max_response_length_bytes);
        loop {
            match reader.read_buf(&mut frames.room()).await {
                Ok(0) => return ClientError::Closed(Closed::hung_up()),
                Ok(read) => self.received.fetch_add(read as u64, Relaxed),
                Err(error) => return error.into(),
            };
            if let Err(error) = self.deliver(&mut frames) {
                return error;
            }
        }
    }

    fn deliver(&self, frames: &mut FrameDecoder) -> Result<(), ClientError> {
        while let Some(frame) = frames.next_frame()? {
            let reply = Reply::parse(frame, self.client_id)?;
            self.pending.complete(reply.call_id, reply.outcome.map_err(ClientError::Remote));
        }
        Ok(())
    }

    async fn send(
        &self,
        mut writer: OwnedWriteHalf,
        mut opening: Bytes,
        mut requests: mpsc::Receiver<Bytes>,
    ) -> Result<(), ClientError> {
        let tick = self.ping_interval.min(self.max_idle).max(SHORTEST_TICK);
        let mut last_sent = Instant::now();
        loop {
            let packet = tokio::select! {
                biased;
                request = requests.recv() => request,
                () = sleep(tick) => None,
            };
            let packet = match packet {
                Some(request) => request,
                None if self.pending.close_if_unused(self.max_idle) => return Ok(()),
                None if self.pending.is_empty() => continue,
                None if last_sent.elapsed() >= self.ping_interval => ping(self.client_id),
                None => continue,
            };
            // Preamble, context and first call leave in one write.
            let opening = std::mem::take(&mut opening);
            writer.write_all_buf(&mut opening.chain(packet)).await?;
            last_sent = Instant::now();
        }
    }
}
