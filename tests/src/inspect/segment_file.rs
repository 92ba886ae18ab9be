use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A finalized segment `edits_<first>-<last>` on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SegmentFile {
    /// First transaction.
    pub first: u64,
    /// Last transaction.
    pub last: u64,
    /// The file.
    pub path: PathBuf,
}

impl SegmentFile {
    /// The segment a file name stands for, if it is a finalized one.
    pub fn parse(path: &Path) -> Option<Self> {
        let range = path.file_name()?.to_str()?.strip_prefix("edits_")?;
        let (first, last) = range.split_once('-')?;
        Some(Self { first: first.parse().ok()?, last: last.parse().ok()?, path: path.to_owned() })
    }

    /// Its bytes without the 0xFF padding a file keeps when its writer died.
    ///
    /// A checksum may end in 0xFF too; it is cut off on every copy alike.
    pub fn content(&self) -> Result<Vec<u8>> {
        let mut bytes =
            std::fs::read(&self.path).with_context(|| format!("read {}", self.path.display()))?;
        let end = bytes.iter().rposition(|byte| *byte != 0xff).map_or(0, |last| last + 1);
        bytes.truncate(end);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_progress_files_are_not_finalized() {
        let file =
            SegmentFile::parse(Path::new("/x/edits_0000000000000000001-0000000000000000007"));
        assert_eq!(file.map(|s| (s.first, s.last)), Some((1, 7)));
        assert_eq!(SegmentFile::parse(Path::new("/x/edits_inprogress_0000000000000000008")), None);
    }
}
