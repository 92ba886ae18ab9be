use super::op::{CHECKSUM_BYTES, OP_INVALID, OpPrefix, PREFIX_BYTES};
use super::window::{WINDOW_BYTES, Window};
use super::{ReadAt, op};
use crate::mutant;

static PADDING: [u8; 16 * 1024] = [OP_INVALID; 16 * 1024];

/// What is at an offset of an edits file (`LengthPrefixedReader.decodeOpFrame`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The end of the file, or nothing but padding up to it.
    End,
    /// An operation with a good checksum.
    Op {
        opcode: u8,
        txid: i64,
        /// The offset behind it.
        end: u64,
    },
    /// Something else.
    Bad {
        /// Where Java's reader stood when it noticed.
        stopped_at: u64,
        /// Where Java's search for the next operation looks next.
        try_next: u64,
    },
}

/// Reads the frame at `offset`, without holding more of it than the window.
pub(super) fn read_frame<S: ReadAt + ?Sized>(
    window: &mut Window<'_, S>,
    offset: u64,
) -> Result<Frame, S::Error> {
    let begin = window.bytes(offset, PREFIX_BYTES)?;
    let try_next = offset + 1;
    match begin.first() {
        None => return Ok(Frame::End),
        Some(&OP_INVALID) => return read_padding(window, offset),
        Some(_) => {}
    }
    let seen = begin.len() as u64;
    // The length is looked at before the txid is: a wrong one stops the reader behind it.
    if let Some(prefix) = partial_prefix(begin)
        && prefix.size_bytes().is_none()
    {
        return Ok(Frame::Bad { stopped_at: offset + op::UNCOUNTED_BYTES as u64, try_next });
    }
    let Some(prefix) = begin.first_chunk().map(OpPrefix::read) else {
        return Ok(Frame::Bad { stopped_at: offset + seen, try_next });
    };
    let size = prefix.size_bytes().unwrap_or_default();
    let (good, end) = check(window, offset, size)?;
    let OpPrefix { opcode, txid, .. } = prefix;
    Ok(if good {
        Frame::Op { opcode, txid, end }
    } else {
        Frame::Bad { stopped_at: end, try_next }
    })
}

/// The prefix with a txid of 0 if only opcode and length are there.
fn partial_prefix(begin: &[u8]) -> Option<OpPrefix> {
    let counted = begin.get(..op::UNCOUNTED_BYTES)?;
    let mut padded = [0; PREFIX_BYTES];
    padded[..op::UNCOUNTED_BYTES].copy_from_slice(counted);
    Some(OpPrefix::read(&padded))
}

/// Whether the checksum of an operation is good, and where its reader stops.
fn check<S: ReadAt + ?Sized>(
    window: &mut Window<'_, S>,
    offset: u64,
    size: usize,
) -> Result<(bool, u64), S::Error> {
    let mut digest = crc32fast::Hasher::new();
    let mut at = offset;
    let mut rest = size - CHECKSUM_BYTES;
    while rest > 0 {
        let bytes = window.bytes(at, rest.min(WINDOW_BYTES))?;
        if bytes.is_empty() {
            return Ok((false, at));
        }
        digest.update(bytes);
        at += bytes.len() as u64;
        rest -= bytes.len();
    }
    let expected = window.bytes(at, CHECKSUM_BYTES)?;
    let good = expected == digest.finalize().to_be_bytes() || mutant::is("skip-the-checksum");
    Ok((good, at + expected.len() as u64))
}

/// Behind a terminator only padding may follow: else a stray byte would hide transactions
/// (`Reader.verifyTerminator`).
fn read_padding<S: ReadAt + ?Sized>(
    window: &mut Window<'_, S>,
    terminator: u64,
) -> Result<Frame, S::Error> {
    let mut at = terminator + 1;
    loop {
        let bytes = window.bytes(at, PADDING.len())?;
        if bytes.is_empty() {
            return Ok(Frame::End);
        }
        if let Some(garbage) = first_garbage(bytes) {
            let garbage = at + garbage as u64;
            return Ok(Frame::Bad { stopped_at: garbage, try_next: garbage });
        }
        at += bytes.len() as u64;
    }
}

/// Padding is all but always of one kind, and compared as a block.
fn first_garbage(bytes: &[u8]) -> Option<usize> {
    if bytes == &PADDING[..bytes.len()] {
        return None;
    }
    bytes.iter().position(|byte| !matches!(*byte, 0 | OP_INVALID))
}
