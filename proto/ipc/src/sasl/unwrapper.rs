use std::sync::Arc;

use bytes::Bytes;

use super::{SaslError, Wrapper};
use crate::frame::{FrameDecoder, FrameError};

/// Recovers packets from wrapped tokens. What the tokens hold is a byte stream: one may carry
/// several packets, and a packet may be spread over several (JN-032).
pub struct Unwrapper {
    wrapper: Arc<dyn Wrapper>,
    packets: FrameDecoder,
    plain: Bytes,
}

impl Unwrapper {
    /// An empty stream whose packets are at most `limit_bytes` long.
    pub fn new(wrapper: Arc<dyn Wrapper>, limit_bytes: usize) -> Self {
        Self { wrapper, packets: FrameDecoder::new(limit_bytes), plain: Bytes::new() }
    }

    /// Takes a token. Only when [`next_packet`](Self::next_packet) has nothing left.
    pub fn unwrap(&mut self, token: &[u8]) -> Result<(), SaslError> {
        debug_assert!(self.plain.is_empty(), "the packets of the last token come first");
        self.plain = self.wrapper.unwrap(token)?;
        Ok(())
    }

    /// The next complete packet, without its length field.
    pub fn next_packet(&mut self) -> Result<Option<Bytes>, FrameError> {
        loop {
            if let Some(packet) = self.packets.next_frame()? {
                return Ok(Some(packet));
            }
            if self.plain.is_empty() {
                return Ok(None);
            }
            let taken = self.packets.push(&self.plain);
            self.plain = self.plain.slice(taken..);
        }
    }
}
