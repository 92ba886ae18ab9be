use thiserror::Error;

use super::frame::{Frame, read_frame};
use super::op::is_known;
use super::window::Window;
use super::{HEADER_BYTES, Header, ReadAt, read_header};
use crate::engine::Tail;
use crate::types::{LayoutVersion, TxId};

/// What an edits file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The version in its header; `None` if the header is corrupt, so the file empty.
    pub header: Option<LayoutVersion>,
    /// The highest transaction; `None` if there is none.
    pub last: Option<TxId>,
    /// The last transaction before the first damaged stretch.
    pub whole: Option<TxId>,
    /// The offset behind the last good operation.
    pub valid_bytes: u64,
    /// How many good operations there are.
    pub transactions: u64,
}

/// Why an edits file could not be scanned. Java throws `IOException`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScanError<E> {
    /// It could not be read.
    #[error(transparent)]
    Read(E),
    /// The header has feature flags.
    #[error("found feature flags of {len_bytes} bytes which we can't handle")]
    Flags {
        /// Length of the flags, as written.
        len_bytes: i32,
    },
    /// The operations have no length prefix. No Hadoop since 2.3 writes such a file.
    #[error("edits of layout version {0} cannot be read")]
    Unsupported(LayoutVersion),
}

impl Scan {
    /// The part that the engine decides by.
    pub fn tail(&self) -> Tail {
        Tail { header: self.header, last: self.last }
    }

    /// What of the file can be read from its first transaction on.
    ///
    /// Of a segment in progress nothing more may be vouched for: a batch that was not synced
    /// may have lost any of its sectors in a power cut, and what is behind the hole was never
    /// acknowledged. Java counts it, and finalizes a segment with a hole.
    pub fn whole_tail(&self) -> Tail {
        Tail { header: self.header, last: self.whole }
    }

    const CORRUPT: Self =
        Self { header: None, last: None, whole: None, valid_bytes: 0, transactions: 0 };

    /// Whether Java would refuse the version where it verifies it: a future one, or one too
    /// old to be read. Java then calls the header corrupt.
    pub fn is_version_readable(&self) -> bool {
        self.header
            .is_some_and(|v| (LayoutVersion::CURRENT..=LayoutVersion::OLDEST_READABLE).contains(&v))
    }

    fn note(&mut self, txid: i64, end: u64) {
        self.last = self.last.max(Some(TxId(txid)));
        self.valid_bytes = end;
        self.transactions += 1;
    }
}

/// Finds the last transaction of a file, skipping damaged stretches as Java does
/// (`FSEditLogLoader.scanEditLog`). Stops early at a transaction of `limit` or more: what is
/// behind it may be in the middle of being written.
pub fn scan<S: ReadAt + ?Sized>(
    source: &S,
    limit: Option<TxId>,
) -> Result<Scan, ScanError<S::Error>> {
    let mut window = Window::new(source);
    let start = begin(&mut window)?;
    if start.header.is_none() {
        return Ok(start);
    }
    scan_ops(&mut window, start, limit).map_err(ScanError::Read)
}

/// What the header says, before the first operation.
pub(super) fn begin<S: ReadAt + ?Sized>(
    window: &mut Window<'_, S>,
) -> Result<Scan, ScanError<S::Error>> {
    let begin = window.bytes(0, HEADER_BYTES).map_err(ScanError::Read)?;
    match read_header(begin) {
        Header::Corrupt => Ok(Scan::CORRUPT),
        Header::Flags { len_bytes } => Err(ScanError::Flags { len_bytes }),
        Header::Intact { layout_version, .. }
            if !layout_version.supports(LayoutVersion::EDITLOG_LENGTH) =>
        {
            Err(ScanError::Unsupported(layout_version))
        }
        Header::Intact { layout_version, len_bytes } => {
            let header = Some(layout_version);
            Ok(Scan { header, valid_bytes: len_bytes, ..Scan::CORRUPT })
        }
    }
}

pub(super) fn scan_ops<S: ReadAt + ?Sized>(
    window: &mut Window<'_, S>,
    mut scan: Scan,
    limit: Option<TxId>,
) -> Result<Scan, S::Error> {
    let mut at = scan.valid_bytes;
    let mut is_whole = true;
    while limit.is_none_or(|limit| scan.last < Some(limit)) {
        let frame = match read_frame(window, at)? {
            Frame::Bad { stopped_at, .. } => {
                is_whole = false;
                resynchronise(window, stopped_at)?
            }
            Frame::Op { txid, .. } if TxId::from_java(txid).is_none() => break,
            frame => frame,
        };
        let Frame::Op { txid, end, .. } = frame else { break };
        // Java takes a txid of "none" behind a damaged stretch for nothing found, and goes on.
        if TxId::from_java(txid).is_some() {
            scan.note(txid, end);
            if is_whole {
                scan.whole = scan.last;
            }
        }
        at = end;
    }
    Ok(scan)
}

/// The next operation that Java would decode, or the end (`Reader.readOp`, skipping). The
/// opcode is what we check of the body: a good checksum vouches for the rest.
fn resynchronise<S: ReadAt + ?Sized>(
    window: &mut Window<'_, S>,
    from: u64,
) -> Result<Frame, S::Error> {
    let mut at = from;
    loop {
        match read_frame(window, at)? {
            Frame::Bad { try_next, .. } => at = try_next,
            Frame::Op { opcode, txid, .. }
                if !is_known(opcode) && TxId::from_java(txid).is_some() =>
            {
                at += 1;
            }
            frame => return Ok(frame),
        }
    }
}
