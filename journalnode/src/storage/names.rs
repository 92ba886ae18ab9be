//! What the names in `current/` mean (the patterns of `FileJournalManager`). Digits are
//! ASCII and may be fewer than 19; a number beyond `i64` makes the name mean nothing.

use crate::types::{SegmentFile, TxId};

const EDITS: &str = "edits_";
const IN_PROGRESS: &str = "edits_inprogress_";

/// `edits_<first>-<last>` or `edits_inprogress_<first>`, and nothing behind.
pub(super) fn segment(name: &str) -> Option<SegmentFile> {
    if let Some(first) = name.strip_prefix(IN_PROGRESS) {
        return txid(first).map(SegmentFile::in_progress);
    }
    let (first, last) = name.strip_prefix(EDITS)?.split_once('-')?;
    Some(SegmentFile::finalized(txid(first)?, txid(last)?))
}

/// The first transaction of anything derived from an in-progress file: `.empty`, `.stale`,
/// `.epoch=3`. Java's pattern is `edits_inprogress_(\d+).*(\S+)`, whose last part takes the
/// last digit if there is nothing else.
pub(super) fn leftover(name: &str) -> Option<TxId> {
    let rest = name.strip_prefix(IN_PROGRESS)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let end = if end == rest.len() { end.checked_sub(1)? } else { end };
    if rest.ends_with([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']) {
        return None;
    }
    txid(&rest[..end])
}

/// The segment whose recovery a file of `paxos/` is about.
pub(super) fn paxos(name: &str) -> Option<TxId> {
    txid(name)
}

fn txid(digits: &str) -> Option<TxId> {
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numeric.then(|| digits.parse().ok().map(TxId)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finalized(first: i64, last: i64) -> Option<SegmentFile> {
        Some(SegmentFile::finalized(TxId(first), TxId(last)))
    }

    #[test]
    fn jn_118_any_number_of_digits_is_a_segment() {
        assert_eq!(segment("edits_1-3"), finalized(1, 3));
        assert_eq!(segment("edits_0000000000000000001-0000000000000000003"), finalized(1, 3));
        assert_eq!(segment("edits_00000000000000000000001-3"), finalized(1, 3));
        assert_eq!(segment("edits_inprogress_7"), Some(SegmentFile::in_progress(TxId(7))));
        assert_eq!(
            segment("edits_9223372036854775807-9223372036854775807").unwrap().first.0,
            i64::MAX
        );
    }

    #[test]
    fn jn_118_everything_else_is_invisible() {
        let last = "edits_0000000000000000001-0000000000000000003";
        for suffix in [".trash", ".empty", ".tmp", ".epoch=1", " ", "-4", ".md5"] {
            assert_eq!(segment(&format!("{last}{suffix}")), None, "{suffix}");
        }
        for name in [
            "edits_inprogress_7.empty",
            "edits_inprogress_7.epoch=2",
            "edits_inprogress_",
            "edits_inprogress_x",
            "edits_-3",
            "edits_1-",
            "edits_+1-3",
            "edits_1",
            "edits",
            "Edits_1-3",
            "edits_9223372036854775808-9223372036854775809",
            "VERSION",
            "",
            "edits_inprogress_9223372036854775808",
            "edits_١-٣",
        ] {
            assert_eq!(segment(name), None, "{name}");
        }
    }

    #[test]
    fn jn_083_leftovers_are_what_follows_an_in_progress_name() {
        for suffix in [".empty", ".stale", ".corrupt", ".trash", ".epoch=12", "x", "-9"] {
            assert_eq!(
                leftover(&format!("edits_inprogress_0000000000000000007{suffix}")),
                Some(TxId(7))
            );
        }
        for name in
            ["edits_inprogress_.empty", "edits_inprogress_7.x ", "edits_1-3.trash", "VERSION"]
        {
            assert_eq!(leftover(name), None, "{name}");
        }
        // 20 digits overflow; Java's pattern then gives one back.
        assert_eq!(
            leftover("edits_inprogress_10000000000000000000").unwrap().0,
            1_000_000_000_000_000_000
        );
    }

    #[test]
    fn jn_083_paxos_files_are_digits() {
        assert_eq!(paxos("4"), Some(TxId(4)));
        assert_eq!((paxos("4.tmp"), paxos("")), (None, None));
    }
}
