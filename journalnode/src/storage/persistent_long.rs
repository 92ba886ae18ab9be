use std::path::PathBuf;

use super::atomic_file;
use super::disk::{Disk, DiskError, OpenMode};
use super::error::StorageError;

/// Longest first line of an epoch file, in bytes.
const LINE_LIMIT_BYTES: usize = 64;

/// A number in a text file, replaced atomically and durably (`PersistentLongFile`): the
/// promised and the writer's epoch.
#[derive(Debug)]
pub(super) struct PersistentLong {
    path: PathBuf,
    /// What is on the disk; `None` when a write failed, so nobody knows.
    known: Option<i64>,
}

impl PersistentLong {
    /// Reads the file; a missing one means 0.
    pub(super) fn load(disk: &dyn Disk, path: PathBuf) -> Result<Self, StorageError> {
        let value = match disk.open(&path, OpenMode::Read) {
            Ok(file) => parse(&file.read_to_limit(LINE_LIMIT_BYTES)?)
                .ok_or_else(|| StorageError::corrupt(&path, "does not begin with a number"))?,
            Err(error) if error.is_not_found() => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { path, known: Some(value) })
    }

    /// What the file is known to hold.
    pub(super) fn value(&self) -> Option<i64> {
        self.known
    }

    /// The value, durably: one that a failed write left in doubt is read and written again.
    pub(super) fn settle(&mut self, disk: &dyn Disk) -> Result<i64, StorageError> {
        if let Some(value) = self.known {
            return Ok(value);
        }
        let seen = Self::load(disk, self.path.clone())?.known.unwrap_or_default();
        self.set(disk, seen)?;
        Ok(seen)
    }

    /// Replaces the value, unless it is there already.
    pub(super) fn set(&mut self, disk: &dyn Disk, value: i64) -> Result<(), DiskError> {
        if self.known == Some(value) {
            return Ok(());
        }
        self.known = None;
        atomic_file::replace(disk, &self.path, format!("{value}\n").as_bytes())?;
        self.known = Some(value);
        Ok(())
    }
}

/// The first line as Java's `Long.parseLong` reads it.
fn parse(content: &[u8]) -> Option<i64> {
    let line = content.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    std::str::from_utf8(line).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::disk::RealDisk;

    #[test]
    fn jn_112_the_first_line_is_a_java_long() {
        for (content, value) in [
            ("3\n", Some(3)),
            ("3", Some(3)),
            ("-1\n", Some(-1)),
            ("+5\r\nx", Some(5)),
            ("9223372036854775807\n", Some(i64::MAX)),
            ("9223372036854775808\n", None),
            ("", None),
            ("\n3", None),
            (" 3\n", None),
            ("3 \n", None),
            ("x\n", None),
        ] {
            assert_eq!(parse(content.as_bytes()), value, "{content:?}");
        }
    }

    #[test]
    fn jn_112_written_as_text_and_newline_and_garbage_is_an_io_exception() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("last-promised-epoch");
        let mut epoch = PersistentLong::load(&RealDisk, path.clone()).unwrap();
        assert_eq!(epoch.value(), Some(0));
        epoch.set(&RealDisk, 3).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"3\n");
        assert!(!dir.path().join("last-promised-epoch.tmp").exists());
        std::fs::write(&path, "three").unwrap();
        let error = PersistentLong::load(&RealDisk, path).unwrap_err();
        assert_eq!(error.java_class(), "java.io.IOException");
    }
}
