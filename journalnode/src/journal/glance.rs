use super::Journal;
use crate::types::{SegmentFile, StorageInfo, TxId};

/// As much of a journal as tells whether there is something new in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Glance {
    /// The edits files, as far as two lists of them ever differ.
    pub(crate) files: (usize, Option<SegmentFile>, Option<SegmentFile>),
    /// First transaction of the segment being written.
    pub(crate) open: Option<TxId>,
    /// The last transaction that readers may see.
    pub(crate) highest_written: TxId,
}

/// What the index needs of a journal.
impl Journal {
    /// How it is now, cheaply.
    pub(crate) fn glance(&self) -> Glance {
        let state = self.state();
        let segments = &state.segments;
        Glance {
            files: (segments.len(), segments.first().copied(), segments.last().copied()),
            open: state.open.map(|open| open.first),
            highest_written: state.highest_written,
        }
    }

    /// Its edits files, oldest first.
    pub(crate) fn segments(&self) -> Vec<SegmentFile> {
        self.state().segments.iter().copied().collect()
    }

    /// Its namespace; `None` if it is not formatted.
    pub(crate) fn namespace(&self) -> Option<StorageInfo> {
        self.state().info.clone()
    }
}
