use bytes::Bytes;
use hadoop_ipc::frame::{
    FIRST_RESERVE_BYTES, FrameDecoder, FrameError, INBOX_BYTES, split_delimited,
};

/// Longest frame that the decoder under test takes, in bytes: beyond its inbox, so that both of
/// its ways are gone.
const LIMIT_BYTES: usize = 40 * 1024;

/// The first byte says in which pieces the rest arrives.
pub(super) fn check(data: &[u8]) {
    let Some((size, stream)) = data.split_first() else { return };
    let size = 1 + usize::from(*size) * 97;
    let expected = cut(stream);
    assert_eq!(decode(stream, size), expected, "in pieces of {size} bytes");
    for frame in expected.0 {
        check_delimited(frame);
    }
}

/// The same by slicing.
fn cut(mut stream: &[u8]) -> (Vec<Bytes>, Option<FrameError>) {
    let mut frames = Vec::new();
    while let Some((field, rest)) = stream.split_first_chunk() {
        let length = i32::from_be_bytes(*field);
        let Ok(bytes) = usize::try_from(length) else {
            return (frames, Some(FrameError::Negative { length }));
        };
        if bytes > LIMIT_BYTES {
            let limit_bytes = LIMIT_BYTES;
            return (frames, Some(FrameError::TooLong { length, limit_bytes }));
        }
        let Some((frame, behind)) = rest.split_at_checked(bytes) else { break };
        frames.push(Bytes::copy_from_slice(frame));
        stream = behind;
    }
    (frames, None)
}

fn decode(stream: &[u8], size: usize) -> (Vec<Bytes>, Option<FrameError>) {
    let mut decoder = FrameDecoder::new(LIMIT_BYTES);
    let mut frames = Vec::new();
    for mut piece in stream.chunks(size) {
        while !piece.is_empty() {
            let taken = decoder.push(piece);
            assert!(taken > 0, "a decoder without room");
            piece = &piece[taken..];
            loop {
                match decoder.next_frame() {
                    Ok(Some(frame)) => frames.push(frame),
                    Ok(None) => break,
                    Err(error) => return (frames, Some(error)),
                }
            }
            let bound = 2 * stream.len() + FIRST_RESERVE_BYTES + 2 * INBOX_BYTES;
            assert!(decoder.allocated_bytes() <= bound, "{}", decoder.allocated_bytes());
        }
    }
    (frames, None)
}

/// A message that is cut off, its delimiter and the rest are the whole.
fn check_delimited(mut rest: Bytes) {
    loop {
        let before = rest.clone();
        let Some(message) = split_delimited(&mut rest) else {
            assert_eq!(rest, before, "a refused packet was changed");
            return;
        };
        let delimiter = before.len() - message.len() - rest.len();
        assert!((1..=5).contains(&delimiter), "a delimiter of {delimiter} bytes");
        assert!(before.ends_with(&rest) && before[delimiter..].starts_with(&message));
    }
}
