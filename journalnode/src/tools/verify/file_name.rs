use crate::types::{SegmentFile, TxId};

/// What a name in `current/` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileName {
    /// `edits_…`
    Segment(SegmentFile),
    /// What belongs to every journal.
    Expected,
    /// The remains of an unfinished write or download.
    Temporary,
    /// `.empty`, `.stale`, `.corrupt`, `.trash`
    PutAside,
    /// Anything else.
    Unknown,
}

const EXPECTED: [&str; 5] =
    ["VERSION", "last-promised-epoch", "last-writer-epoch", "committed-txid", "paxos"];
/// Java's syncer downloads into the directory of this name.
const SYNC_DIRECTORY: &str = "edits.sync";
const PUT_ASIDE: [&str; 4] = [".empty", ".stale", ".corrupt", ".trash"];

impl FileName {
    /// Reads a name.
    pub(super) fn of(name: &str) -> Self {
        if let Some(file) = segment(name) {
            return Self::Segment(file);
        }
        if EXPECTED.contains(&name) || name == SYNC_DIRECTORY {
            return Self::Expected;
        }
        if name.ends_with(".tmp") || name.contains(".epoch=") {
            return Self::Temporary;
        }
        let is_aside =
            name.starts_with("edits_") && PUT_ASIDE.iter().any(|end| name.ends_with(end));
        if is_aside { Self::PutAside } else { Self::Unknown }
    }
}

fn segment(name: &str) -> Option<SegmentFile> {
    if let Some(first) = name.strip_prefix("edits_inprogress_") {
        return txid(first).map(SegmentFile::in_progress);
    }
    let (first, last) = name.strip_prefix("edits_")?.split_once('-')?;
    Some(SegmentFile::finalized(txid(first)?, txid(last)?))
}

/// Digits only, any number of them, as Java's patterns have it.
pub(super) fn txid(digits: &str) -> Option<TxId> {
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numeric.then(|| digits.parse().ok().map(TxId)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_118_names_are_read_as_hadoop_reads_them() {
        let segment =
            |first, last| FileName::Segment(SegmentFile::finalized(TxId(first), TxId(last)));
        for (name, expected) in [
            ("edits_0000000000000000001-0000000000000000003", segment(1, 3)),
            ("edits_1-3", segment(1, 3)),
            ("edits_inprogress_7", FileName::Segment(SegmentFile::in_progress(TxId(7)))),
            ("edits_inprogress_7.epoch=2", FileName::Temporary),
            ("last-promised-epoch.tmp", FileName::Temporary),
            ("edits_inprogress_7.empty", FileName::PutAside),
            ("edits_1-3.trash", FileName::PutAside),
            ("paxos", FileName::Expected),
            ("edits.sync", FileName::Expected),
            ("edits_x", FileName::Unknown),
            ("notes.trash", FileName::Unknown),
            ("edits_9223372036854775808-9223372036854775809", FileName::Unknown),
        ] {
            assert_eq!(FileName::of(name), expected, "{name}");
        }
    }
}
