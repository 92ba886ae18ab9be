use super::ReadAt;

/// How much of a file is in memory at a time, in bytes.
pub(super) const WINDOW_BYTES: usize = 256 * 1024;

/// A file read through one bounded buffer, so that a log of any size is scanned in constant
/// memory.
pub(super) struct Window<'a, S: ReadAt + ?Sized> {
    source: &'a S,
    buffer: Vec<u8>,
    /// Offset of the buffer in the file.
    start: u64,
    /// How much of the buffer is filled.
    filled: usize,
}

impl<'a, S: ReadAt + ?Sized> Window<'a, S> {
    pub(super) fn new(source: &'a S) -> Self {
        Self { source, buffer: vec![0; WINDOW_BYTES], start: 0, filled: 0 }
    }

    /// The bytes at `offset`: `want` of them, at most [`WINDOW_BYTES`]; fewer only at the end
    /// of the file.
    pub(super) fn bytes(&mut self, offset: u64, want: usize) -> Result<&[u8], S::Error> {
        let want = want.min(WINDOW_BYTES);
        if !self.holds(offset, want) {
            self.filled = 0;
            self.filled = self.source.read_at(&mut self.buffer, offset)?;
            self.start = offset;
        }
        let begin = (offset - self.start) as usize;
        let end = (begin + want).min(self.filled);
        Ok(&self.buffer[begin..end])
    }

    fn holds(&self, offset: u64, want: usize) -> bool {
        let end = self.start + self.filled as u64;
        self.start <= offset && offset.saturating_add(want as u64) <= end
    }
}
