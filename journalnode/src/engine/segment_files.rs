use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use crate::types::{SegmentFile, TxId};

/// The edits files of `current/`, in order. Reads like the set it is; besides, it answers what
/// a request asks of all segments without looking at all of them: a directory may hold 100,000.
///
/// Finished segments of a sound journal share no transaction, so that where one starts also
/// tells where those before it end. What a damaged directory holds against that rule is kept
/// apart and looked at one by one.
#[derive(Clone, Debug, Default)]
pub struct SegmentFiles {
    all: BTreeSet<SegmentFile>,
    /// Finished segments that share no transaction, first to last.
    disjoint: BTreeMap<TxId, TxId>,
    /// The rest: those in progress, and whatever overlaps or ends before it starts.
    others: BTreeSet<SegmentFile>,
    version: u64,
}

impl SegmentFiles {
    /// Grows with every change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A finished segment that has a transaction of this range, the first of them.
    pub fn overlapping(&self, first: TxId, last: TxId) -> Option<SegmentFile> {
        let overlaps =
            |file: &SegmentFile| file.first <= last && file.last.is_some_and(|end| first <= end);
        let regular = self.disjoint_from(first).next().filter(overlaps);
        let other = self.others.iter().copied().find(overlaps);
        match (regular, other) {
            (Some(regular), Some(other)) => Some(regular.min(other)),
            (regular, other) => regular.or(other),
        }
    }

    /// In order, at least those that start or end at `txid` or later, and all in progress:
    /// their names do not say where they end.
    pub fn not_before(&self, txid: TxId) -> impl Iterator<Item = SegmentFile> + '_ {
        let from = self.disjoint_from(txid).next().map_or(txid, |file| file.first.min(txid));
        let from = SegmentFile::in_progress(from);
        self.others.range(..from).chain(self.all.range(from..)).copied()
    }

    /// Adds a file.
    pub fn insert(&mut self, file: SegmentFile) {
        if !self.all.insert(file) {
            return;
        }
        self.version += 1;
        match file.last {
            Some(last) if file.first <= last && self.is_free(file.first, last) => {
                self.disjoint.insert(file.first, last);
            }
            _ => drop(self.others.insert(file)),
        }
    }

    /// Removes a file; answers whether it was there.
    pub fn remove(&mut self, file: &SegmentFile) -> bool {
        let was_there = self.all.remove(file);
        if was_there {
            self.version += 1;
            if !self.others.remove(file) {
                self.disjoint.remove(&file.first);
            }
        }
        was_there
    }

    /// Puts other files in place of these.
    pub fn replace(&mut self, files: Self) {
        let version = self.version + 1;
        *self = Self { version, ..files };
    }

    fn is_free(&self, first: TxId, last: TxId) -> bool {
        self.disjoint_from(first).next().is_none_or(|next| next.first > last)
    }

    /// Those of the disjoint ones that end at `txid` or later.
    fn disjoint_from(&self, txid: TxId) -> impl Iterator<Item = SegmentFile> + '_ {
        let before = self.disjoint.range(..txid).next_back().filter(|(_, last)| **last >= txid);
        let segments = before.into_iter().chain(self.disjoint.range(txid..));
        segments.map(|(first, last)| SegmentFile::finalized(*first, *last))
    }
}

impl Deref for SegmentFiles {
    type Target = BTreeSet<SegmentFile>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

/// The same files.
impl PartialEq for SegmentFiles {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl Eq for SegmentFiles {}

impl Hash for SegmentFiles {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.all.hash(state);
    }
}

impl FromIterator<SegmentFile> for SegmentFiles {
    fn from_iter<I: IntoIterator<Item = SegmentFile>>(files: I) -> Self {
        files.into_iter().collect::<BTreeSet<_>>().into()
    }
}

/// All at once, as a start does with 100,000: the same as one [`insert`](SegmentFiles::insert)
/// after the other, in order.
impl From<BTreeSet<SegmentFile>> for SegmentFiles {
    fn from(all: BTreeSet<SegmentFile>) -> Self {
        let mut end = None;
        let mut disjoint = Vec::with_capacity(all.len());
        let mut others = BTreeSet::new();
        for file in &all {
            match file.last {
                Some(last) if file.first <= last && end < Some(file.first) => {
                    disjoint.push((file.first, last));
                    end = Some(last);
                }
                _ => drop(others.insert(*file)),
            }
        }
        Self { all, disjoint: disjoint.into_iter().collect(), others, version: 0 }
    }
}

impl<const N: usize> From<[SegmentFile; N]> for SegmentFiles {
    fn from(files: [SegmentFile; N]) -> Self {
        files.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Names as a damaged directory may have them: overlapping, nested, backwards, in progress.
    fn any_file() -> impl Strategy<Value = SegmentFile> {
        (0..40_i64, prop::option::weighted(0.8, -2..12_i64)).prop_map(|(first, length)| {
            let last = length.map(|length| TxId(first + length));
            SegmentFile { first: TxId(first), last }
        })
    }

    fn linear_overlapping(files: &SegmentFiles, first: TxId, last: TxId) -> Option<SegmentFile> {
        let overlaps = |end: TxId, file: &SegmentFile| file.first <= last && first <= end;
        files.iter().find(|file| file.last.is_some_and(|end| overlaps(end, file))).copied()
    }

    fn reaches(file: &SegmentFile, txid: TxId) -> bool {
        file.is_in_progress() || file.first >= txid || file.last >= Some(txid)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn it_finds_what_a_look_at_every_file_finds(
            at_start in vec(any_file(), 0..20),
            changes in vec((any::<bool>(), any_file()), 0..40),
            first in -1..50_i64,
            length in -2..15_i64,
        ) {
            let mut files: SegmentFiles = at_start.into_iter().collect();
            for (adds, file) in changes {
                if adds {
                    files.insert(file);
                } else {
                    files.remove(&file);
                }
            }
            let (first, last) = (TxId(first), TxId(first + length));
            let expected = linear_overlapping(&files, first, last);
            prop_assert_eq!(files.overlapping(first, last), expected);

            let found: Vec<SegmentFile> = files.not_before(first).collect();
            prop_assert!(found.is_sorted(), "{:?}", found);
            let expected: Vec<SegmentFile> =
                files.iter().filter(|file| reaches(file, first)).copied().collect();
            let wanted: Vec<SegmentFile> =
                found.iter().filter(|file| reaches(file, first)).copied().collect();
            prop_assert_eq!(wanted, expected);
        }

        #[test]
        fn many_at_once_are_what_one_after_the_other_is(names in vec(any_file(), 0..40)) {
            let all: BTreeSet<SegmentFile> = names.into_iter().collect();
            let mut one_by_one = SegmentFiles::default();
            all.iter().for_each(|file| one_by_one.insert(*file));
            let at_once = SegmentFiles::from(all);
            prop_assert_eq!(&at_once.all, &one_by_one.all);
            prop_assert_eq!(at_once.disjoint, one_by_one.disjoint);
            prop_assert_eq!(at_once.others, one_by_one.others);
        }

        #[test]
        fn removing_everything_leaves_nothing(names in vec(any_file(), 0..40)) {
            let mut files: SegmentFiles = names.iter().copied().collect();
            for file in &names {
                files.remove(file);
            }
            prop_assert!(files.is_empty() && files.disjoint.is_empty() && files.others.is_empty());
        }
    }

    #[test]
    fn near_the_end_of_a_long_log_only_the_end_is_looked_at() {
        let finalized = |n: i64| SegmentFile::finalized(TxId(n * 10 + 1), TxId(n * 10 + 10));
        let mut files: SegmentFiles = (0..100_000).map(finalized).collect();
        files.insert(SegmentFile::in_progress(TxId(1_000_001)));
        assert_eq!(files.not_before(TxId(999_985)).count(), 3);
        assert_eq!(files.overlapping(TxId(1_000_001), TxId(1_000_009)), None);
        assert_eq!(files.others.len(), 1);
    }
}
