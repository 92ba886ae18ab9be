use std::collections::BTreeSet;

use crate::engine::ManifestEntry;
use crate::types::{SegmentFile, TxId};

/// The finished segments that a peer has and that start where none of ours does, oldest first
/// (`JournalNodeSyncer.getMissingLogList`). What makes no sense is passed over.
pub fn missing(ours: &[ManifestEntry], theirs: &[ManifestEntry]) -> Vec<SegmentFile> {
    let starts: BTreeSet<TxId> = ours.iter().map(|log| log.start).collect();
    let absent = theirs.iter().filter(|log| !starts.contains(&log.start));
    let found: BTreeSet<SegmentFile> = absent.filter_map(finalized).collect();
    found.into_iter().collect()
}

/// As a file, if it is finished and its range is one.
pub(super) fn finalized(log: &ManifestEntry) -> Option<SegmentFile> {
    let last = log.end.filter(|end| !log.in_progress && log.start.0 > 0 && *end >= log.start)?;
    Some(SegmentFile::finalized(log.start, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(start: i64, end: i64) -> ManifestEntry {
        ManifestEntry { start: TxId(start), end: Some(TxId(end)), in_progress: false }
    }

    fn file(start: i64, end: i64) -> SegmentFile {
        SegmentFile::finalized(TxId(start), TxId(end))
    }

    #[test]
    fn jn_138_what_starts_where_nothing_of_ours_does_is_missing() {
        let theirs = [log(1, 4), log(5, 9), log(10, 12), log(13, 13)];
        assert_eq!(missing(&[], &theirs).len(), 4);
        assert_eq!(missing(&theirs, &theirs), []);
        let ours = [log(1, 4), log(10, 11), log(20, 30)];
        assert_eq!(missing(&ours, &theirs), [file(5, 9), file(13, 13)]);
        assert_eq!(missing(&ours, &[]), []);
    }

    #[test]
    fn a_peer_that_talks_nonsense_is_not_followed() {
        let open = ManifestEntry { in_progress: true, ..log(14, 20) };
        let endless = ManifestEntry { end: None, ..log(14, 20) };
        for nonsense in [open, endless, log(0, 4), log(-3, 4), log(9, 8)] {
            assert_eq!(missing(&[], &[nonsense]), [], "{nonsense:?}");
        }
    }
}
