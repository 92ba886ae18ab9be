use std::sync::Arc;
use std::time::Instant;
use std::{io, mem};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tracing::warn;

use crate::journal::Blocking;
use crate::storage::OpenedSegment;
use crate::storage::disk::DiskFile;
use crate::throttle::Throttle;

/// Segments sent at the same time, of all journals; further ones wait for their turn.
pub(in crate::http) const MAX_TRANSFERS: usize = 64;
/// The most that is in memory of one segment. Each piece costs two changes of thread: with
/// 64 KiB they took more time than all else.
const PIECE_BYTES: usize = 512 << 10;
/// What a segment in progress ends with until it is closed.
const PADDING: u8 = 0xff;

/// A segment on its way to a client. It is read piece by piece as the client takes it, and not
/// read on when the client is gone.
pub(super) struct Transfer {
    name: String,
    padded: bool,
    file: Arc<dyn DiskFile>,
    offset: u64,
    remaining: u64,
    /// The memory of the piece before, if the client has taken all of that.
    buffer: BytesMut,
    throttle: Option<Throttle>,
    turns: Arc<Semaphore>,
    turn: Option<OwnedSemaphorePermit>,
    blocking: Blocking,
}

impl Transfer {
    /// Of what the file has now: it may grow while it is sent.
    pub(super) fn new(
        segment: OpenedSegment,
        bandwidth: Option<u64>,
        turns: Arc<Semaphore>,
        blocking: Blocking,
    ) -> Self {
        Self {
            padded: segment.name.starts_with("edits_inprogress_"),
            name: segment.name,
            file: segment.file.into(),
            offset: 0,
            remaining: segment.len,
            buffer: BytesMut::new(),
            throttle: bandwidth.map(|rate| Throttle::new(rate, Instant::now())),
            turns,
            turn: None,
            blocking,
        }
    }

    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::try_unfold(self, Self::next_piece))
    }

    async fn next_piece(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.remaining == 0 {
            return Ok(None);
        }
        if self.turn.is_none() {
            self.turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        }
        let piece = self.read_piece().await.inspect_err(|error| {
            warn!("cannot send {} further than byte {}: {error}", self.name, self.offset);
        })?;
        self.offset += piece.len() as u64;
        self.remaining -= piece.len() as u64;
        if let Some(throttle) = &mut self.throttle {
            sleep(throttle.sent(piece.len(), Instant::now())).await;
        }
        Ok(Some((piece, self)))
    }

    async fn read_piece(&mut self) -> io::Result<Bytes> {
        let most = self.throttle.as_ref().map_or(PIECE_BYTES, Throttle::piece_bytes);
        let wanted =
            most.min(PIECE_BYTES).min(usize::try_from(self.remaining).unwrap_or(usize::MAX));
        let (file, offset) = (Arc::clone(&self.file), self.offset);
        let mut buffer = mem::take(&mut self.buffer);
        let read = self.blocking.run_apart(move || {
            buffer.resize(wanted, 0);
            let length = file.read_at(&mut buffer, offset).map_err(io::Error::other)?;
            buffer.truncate(length);
            Ok::<_, io::Error>(buffer)
        });
        let mut buffer = read.await.map_err(io::Error::other)??;
        if buffer.is_empty() {
            if !self.padded {
                // The length is promised already: the only honest end is a broken connection.
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // Closed and cut meanwhile. The padding was there when the length was promised, and
            // Java's clients start over if they get less.
            buffer.resize(wanted, PADDING);
        }
        let piece = buffer.split().freeze();
        self.buffer = buffer;
        Ok(piece)
    }
}
