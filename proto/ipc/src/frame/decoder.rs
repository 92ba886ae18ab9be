use bytes::{Buf, BufMut, Bytes, BytesMut, buf::Limit};
use thiserror::Error;

/// Room for small packets: several requests can arrive with one read.
pub const INBOX_BYTES: usize = 16 * 1024;

/// How far ahead of what arrived a large frame's buffer may be allocated. Beyond it the
/// buffer doubles as bytes come in, so a length field alone never costs memory. A batch of
/// 1 MiB fits with its headers, and is never copied.
pub const FIRST_RESERVE_BYTES: usize = 1024 * 1024 + 4 * 1024;

const LENGTH_BYTES: usize = 4;

/// Why no frame can follow. Hadoop closes such a connection without a word.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// The length field is negative.
    #[error("negative frame length {length}")]
    Negative {
        /// What the field said.
        length: i32,
    },
    /// The length field is above the limit.
    #[error("frame of {length} bytes is longer than the limit of {limit_bytes}")]
    TooLong {
        /// What the field said.
        length: i32,
        /// `ipc.maximum.data.length`, or the client's `ipc.maximum.response.length`.
        limit_bytes: usize,
    },
}

/// Cuts a byte stream into length-prefixed frames.
///
/// The caller reads into [`room`](Self::room) and then takes frames until there are none.
/// A small frame is copied out of the shared inbox, a large one is read straight into its own
/// buffer: either way a frame is one allocation that lives no longer than its own slices.
#[derive(Debug)]
pub struct FrameDecoder {
    limit_bytes: usize,
    inbox: BytesMut,
    large: Option<LargeFrame>,
}

#[derive(Debug)]
struct LargeFrame {
    length: usize,
    arrived: BytesMut,
}

impl FrameDecoder {
    /// A decoder refusing frames longer than `limit_bytes`, the limit itself being allowed.
    pub fn new(limit_bytes: usize) -> Self {
        Self { limit_bytes, inbox: BytesMut::new(), large: None }
    }

    /// A decoder that goes on where another one stopped: with what that one had
    /// [`undecoded`](Self::undecoded).
    pub fn resume(limit_bytes: usize, undecoded: &[u8]) -> Self {
        Self { limit_bytes, inbox: BytesMut::from(undecoded), large: None }
    }

    /// What arrived of the stream and was not taken, as it came.
    pub fn undecoded(&self) -> Vec<u8> {
        match &self.large {
            None => self.inbox.to_vec(),
            Some(large) => {
                let field = u32::try_from(large.length).unwrap_or(u32::MAX).to_be_bytes();
                [&field[..], &large.arrived].concat()
            }
        }
    }

    /// Where the next bytes of the stream go; never without room.
    pub fn room(&mut self) -> Limit<&mut BytesMut> {
        match &mut self.large {
            Some(large) => large.room(),
            None => {
                let wanted = INBOX_BYTES.saturating_sub(self.inbox.len()).max(1);
                self.inbox.reserve(wanted);
                let room = self.inbox.capacity() - self.inbox.len();
                (&mut self.inbox).limit(room)
            }
        }
    }

    /// Copies bytes that are already in memory; returns how many were taken.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        let mut room = self.room();
        let taken = bytes.len().min(room.remaining_mut());
        room.put_slice(&bytes[..taken]);
        taken
    }

    /// The connection preamble, once its seven bytes are there. Only before the first frame.
    pub fn take_preamble<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = *self.inbox.first_chunk::<N>()?;
        self.inbox.advance(N);
        Some(bytes)
    }

    /// The next complete frame, without its length field.
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, FrameError> {
        if let Some(large) = &self.large {
            let complete = large.arrived.len() == large.length;
            return Ok(self.large.take_if(|_| complete).map(|large| large.arrived.freeze()));
        }
        let Some(field) = self.inbox.first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = self.check(i32::from_be_bytes(*field))?;
        if self.inbox.len() - LENGTH_BYTES >= length {
            self.inbox.advance(LENGTH_BYTES);
            let frame = Bytes::copy_from_slice(&self.inbox[..length]);
            self.inbox.advance(length);
            return Ok(Some(frame));
        }
        if LENGTH_BYTES + length > INBOX_BYTES {
            self.inbox.advance(LENGTH_BYTES);
            self.large = Some(LargeFrame::begin(length, &mut self.inbox));
        }
        Ok(None)
    }

    /// True between frames, with nothing half-read.
    pub fn is_empty(&self) -> bool {
        self.inbox.is_empty() && self.large.is_none()
    }

    /// Bytes of memory held.
    pub fn allocated_bytes(&self) -> usize {
        self.inbox.capacity() + self.large.as_ref().map_or(0, |large| large.arrived.capacity())
    }

    fn check(&self, length: i32) -> Result<usize, FrameError> {
        match usize::try_from(length) {
            Err(_) => Err(FrameError::Negative { length }),
            Ok(bytes) if bytes > self.limit_bytes => {
                Err(FrameError::TooLong { length, limit_bytes: self.limit_bytes })
            }
            Ok(bytes) => Ok(bytes),
        }
    }
}

impl LargeFrame {
    fn begin(length: usize, inbox: &mut BytesMut) -> Self {
        let mut arrived = BytesMut::with_capacity(length.min(FIRST_RESERVE_BYTES));
        arrived.put_slice(inbox);
        inbox.clear();
        Self { length, arrived }
    }

    fn room(&mut self) -> Limit<&mut BytesMut> {
        let missing = self.length - self.arrived.len();
        if self.arrived.capacity() == self.arrived.len() {
            self.grow(missing.min(self.arrived.len().max(FIRST_RESERVE_BYTES)));
        }
        let room = missing.min(self.arrived.capacity() - self.arrived.len());
        (&mut self.arrived).limit(room)
    }

    /// Exact, unlike `reserve`: a finished frame may be kept for long and has no slack.
    fn grow(&mut self, additional: usize) {
        let mut larger = BytesMut::with_capacity(self.arrived.len() + additional);
        larger.put_slice(&self.arrived);
        self.arrived = larger;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framed(payload: &[u8]) -> Vec<u8> {
        let mut out = (payload.len() as u32).to_be_bytes().to_vec();
        out.extend_from_slice(payload);
        out
    }

    /// Feeds `stream` in pieces of the given sizes (repeated) and returns what came out.
    fn decode(limit: usize, stream: &[u8], sizes: &[usize]) -> (Vec<Bytes>, Option<FrameError>) {
        let mut decoder = FrameDecoder::new(limit);
        let mut frames = Vec::new();
        let mut rest = stream;
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let size = (*sizes.next().unwrap()).clamp(1, rest.len());
            let taken = decoder.push(&rest[..size]);
            rest = &rest[taken..];
            loop {
                match decoder.next_frame() {
                    Ok(Some(frame)) => frames.push(frame),
                    Ok(None) => break,
                    Err(error) => return (frames, Some(error)),
                }
            }
        }
        (frames, None)
    }

    #[test]
    fn length_field_alone_costs_no_memory() {
        let mut decoder = FrameDecoder::new(i32::MAX as usize);
        decoder.push(&i32::MAX.to_be_bytes());
        assert_eq!(decoder.next_frame(), Ok(None));
        decoder.room();
        assert!(decoder.allocated_bytes() <= FIRST_RESERVE_BYTES + 2 * INBOX_BYTES);
    }

    #[test]
    fn negative_length_is_refused() {
        // JN-009
        let (frames, error) = decode(10, &[0xff, 0xff, 0xff, 0xff], &[4]);
        assert!(frames.is_empty());
        assert_eq!(error, Some(FrameError::Negative { length: -1 }));
    }

    #[test]
    fn limit_is_inclusive() {
        // JN-010
        assert_eq!(decode(10, &framed(&[7; 10]), &[64]).0, [Bytes::from(vec![7; 10])]);
        let (_, error) = decode(10, &framed(&[7; 11]), &[64]);
        assert_eq!(error, Some(FrameError::TooLong { length: 11, limit_bytes: 10 }));
    }

    #[test]
    fn zero_length_frame_is_a_frame() {
        assert_eq!(decode(10, &[0, 0, 0, 0], &[1]).0, [Bytes::new()]);
    }

    #[test]
    fn memory_follows_what_arrived() {
        let length = 8 * FIRST_RESERVE_BYTES;
        let mut decoder = FrameDecoder::new(length);
        decoder.push(&(length as u32).to_be_bytes());
        let chunk = vec![1_u8; 100_000];
        let mut arrived = 0;
        while arrived < length {
            assert_eq!(decoder.next_frame(), Ok(None));
            let want = chunk.len().min(length - arrived);
            arrived += decoder.push(&chunk[..want]);
            let bound = 2 * arrived + FIRST_RESERVE_BYTES + 2 * INBOX_BYTES;
            assert!(decoder.allocated_bytes() <= bound, "{arrived}");
        }
        assert_eq!(decoder.next_frame().unwrap().unwrap().len(), length);
        assert!(decoder.is_empty());
    }

    proptest! {
        #[test]
        fn chunking_never_changes_the_frames(
            payloads in prop::collection::vec(prop_oneof![0..200_usize, 16_000..40_000_usize], 0..6),
            sizes in prop::collection::vec(1..20_000_usize, 1..8),
        ) {
            let stream: Vec<u8> = payloads.iter().enumerate()
                .flat_map(|(index, length)| framed(&vec![index as u8; *length])).collect();
            let (frames, error) = decode(1 << 20, &stream, &sizes);
            prop_assert_eq!(error, None);
            let lengths: Vec<usize> = frames.iter().map(Bytes::len).collect();
            prop_assert_eq!(lengths, payloads);
        }

        #[test]
        fn who_goes_on_for_another_decodes_the_same(
            payloads in prop::collection::vec(prop_oneof![0..200_usize, 16_000..40_000_usize], 1..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let stream: Vec<u8> = payloads.iter().enumerate()
                .flat_map(|(index, length)| framed(&vec![index as u8; *length])).collect();
            let cut = cut.index(stream.len());
            let mut frames = Vec::new();
            let mut feed = |decoder: &mut FrameDecoder, mut rest: &[u8]| loop {
                while let Some(frame) = decoder.next_frame().unwrap() {
                    frames.push(frame.len());
                }
                if rest.is_empty() {
                    break;
                }
                rest = &rest[decoder.push(rest)..];
            };
            let mut before = FrameDecoder::new(1 << 20);
            feed(&mut before, &stream[..cut]);
            let mut after = FrameDecoder::resume(1 << 20, &before.undecoded());
            feed(&mut after, &stream[cut..]);
            prop_assert!(after.is_empty());
            prop_assert_eq!(frames, payloads);
        }

        #[test]
        fn any_bytes_decode_without_panic(
            stream in prop::collection::vec(any::<u8>(), 0..400),
            sizes in prop::collection::vec(1..50_usize, 1..5),
        ) {
            let (frames, error) = decode(100, &stream, &sizes);
            prop_assert_eq!(decode(100, &stream, &[1]), (frames, error));
        }
    }
}
