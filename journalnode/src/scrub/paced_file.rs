use std::cell::RefCell;

use md5::{Digest as _, Md5};

use super::Digest;
use super::pace::Pace;
use crate::editlog::ReadAt;
use crate::storage::disk::{DiskError, DiskFile};

/// A file read from its beginning to its end at a bounded pace, with the digest of what was
/// read.
pub(crate) struct PacedFile<'a> {
    file: &'a dyn DiskFile,
    pace: &'a Pace,
    cached: bool,
    seen: RefCell<Seen>,
}

struct Seen {
    digest: Md5,
    up_to: u64,
    /// A reader that stumbles may jump ahead; then there is no digest.
    gap: bool,
}

/// Why reading stopped.
#[derive(Clone, Debug)]
pub(crate) enum ReadStop {
    Disk(DiskError),
    Stopped,
}

impl<'a> PacedFile<'a> {
    /// Read from the disk, not from the page cache, which would hide what became of the disk;
    /// and nothing is left there, where the newest edits belong.
    pub(crate) fn new(file: &'a dyn DiskFile, pace: &'a Pace) -> Self {
        file.forget_cached();
        Self { cached: false, ..Self::cached(file, pace) }
    }

    /// Read from wherever it is: for what was just written, and will be read again soon.
    pub(crate) fn cached(file: &'a dyn DiskFile, pace: &'a Pace) -> Self {
        let seen = Seen { digest: Md5::new(), up_to: 0, gap: false };
        Self { file, pace, cached: true, seen: RefCell::new(seen) }
    }

    /// How much was read, in bytes.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.seen.borrow().up_to
    }

    /// Over all that was read; `None` if not all of it was.
    pub(crate) fn digest(&self) -> Option<Digest> {
        let seen = self.seen.borrow();
        (!seen.gap).then(|| Digest(seen.digest.clone().finalize().into()))
    }
}

impl ReadAt for PacedFile<'_> {
    type Error = ReadStop;

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, ReadStop> {
        let read = self.file.read_at(buffer, offset).map_err(ReadStop::Disk)?;
        if !self.cached {
            self.file.forget_cached();
        }
        self.seen.borrow_mut().take(offset, buffer.get(..read).unwrap_or_default());
        self.pace.took(read).map_err(|_| ReadStop::Stopped)?;
        Ok(read)
    }
}

impl Seen {
    fn take(&mut self, offset: u64, bytes: &[u8]) {
        let end = offset + bytes.len() as u64;
        self.gap |= offset > self.up_to;
        if end > self.up_to && !self.gap {
            let known = (self.up_to - offset) as usize;
            self.digest.update(bytes.get(known..).unwrap_or_default());
        }
        self.up_to = self.up_to.max(end);
    }
}
