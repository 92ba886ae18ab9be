use std::convert::Infallible;

/// Bytes at offsets: an edits file, or a slice that stands for one.
pub trait ReadAt {
    /// Why a read failed.
    type Error;

    /// Reads what is at `offset`: fewer bytes than asked only at the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Self::Error>;
}

impl ReadAt for [u8] {
    type Error = Infallible;

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Infallible> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..));
        let rest = rest.unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }
}
