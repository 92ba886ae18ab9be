use std::ops::Range;

use super::random::Random;

/// What a disk writes in one piece, in bytes.
const SECTOR_BYTES: usize = 512;

/// A regular file: what a process sees, and what the disk has.
#[derive(Clone, Debug, Default)]
pub(super) struct FileNode {
    pub(super) seen: Vec<u8>,
    durable: Vec<u8>,
    /// What the kernel knows it still has to write. A failed sync empties it.
    dirty: Vec<Range<usize>>,
    /// Whether `seen` and `durable` may differ.
    differs: bool,
    /// Whether they may differ even after a good sync: a failed one forgot something.
    forgot: bool,
}

impl FileNode {
    pub(super) fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if self.seen.len() < end {
            resize(&mut self.seen, end);
        }
        self.seen[offset..end].copy_from_slice(bytes);
        self.dirty.push(offset..end);
        self.differs = true;
    }

    pub(super) fn set_len(&mut self, len: usize) {
        resize(&mut self.seen, len);
        self.differs = true;
        for range in &mut self.dirty {
            *range = range.start.min(len)..range.end.min(len);
        }
    }

    pub(super) fn sync(&mut self) {
        let len = self.seen.len();
        resize(&mut self.durable, len);
        for range in self.dirty.drain(..) {
            self.durable[range.clone()].copy_from_slice(&self.seen[range]);
        }
        self.differs = self.forgot;
    }

    /// Some dirty ranges reach the disk, the others are forgotten; all count as clean.
    pub(super) fn fail_sync(&mut self, random: &mut Random) {
        self.forgot = true;
        let kept: Vec<_> = self.dirty.drain(..).filter(|_| random.coin()).collect();
        for range in kept {
            if self.durable.len() < range.end {
                resize(&mut self.durable, range.end);
            }
            self.durable[range.clone()].copy_from_slice(&self.seen[range]);
        }
    }

    pub(super) fn crash(&mut self, random: &mut Random) {
        if !self.differs {
            return;
        }
        match random.up_to(2) {
            0 => {}
            1 => self.sync(),
            _ => self.tear(random),
        }
        self.dirty.clear();
        self.seen.clone_from(&self.durable);
        (self.differs, self.forgot) = (false, false);
    }

    /// Any length between old and new, and any of the dirty sectors.
    fn tear(&mut self, random: &mut Random) {
        let (old, new) = (self.durable.len(), self.seen.len());
        let len = old.min(new) + random.up_to(old.abs_diff(new));
        resize(&mut self.durable, len);
        for range in std::mem::take(&mut self.dirty) {
            for sector in range.start / SECTOR_BYTES..range.end.div_ceil(SECTOR_BYTES) {
                let begin = range.start.max(sector * SECTOR_BYTES);
                let end = range.end.min((sector + 1) * SECTOR_BYTES).min(len);
                if begin < end && random.coin() {
                    self.durable[begin..end].copy_from_slice(&self.seen[begin..end]);
                }
            }
        }
    }
}

/// `Vec::resize`, fast without optimization too: tests run through gigabytes of padding.
fn resize(content: &mut Vec<u8>, len: usize) {
    let missing = len.saturating_sub(content.len());
    content.extend_from_slice(&vec![0; missing]);
    content.truncate(len);
    // The padding of a segment is much longer than what is left when it is cut off.
    content.shrink_to(len * 2);
}
