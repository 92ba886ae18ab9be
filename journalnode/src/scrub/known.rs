use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::SegmentRecord;
use crate::types::SegmentFile;

/// How long nothing is looked at, at most, if nothing changes.
const LONGEST_REST: Duration = Duration::from_secs(120);

/// What was found of one journal's segments.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) good: BTreeMap<SegmentFile, SegmentRecord>,
    /// Not to be tried again before this.
    pub(super) later: BTreeMap<SegmentFile, Instant>,
    /// Until when nothing is due, unless the list of segments changes from this version.
    pub(super) rest: Option<(u64, Instant)>,
}

impl Known {
    pub(super) fn forget_all_but(&mut self, segments: &[SegmentFile]) {
        let here = |segment: &SegmentFile| segments.binary_search(segment).is_ok();
        self.good.retain(|segment, _| here(segment));
        self.later.retain(|segment, _| here(segment));
    }

    /// There may be 100,000 segments: they are not gone through just to see that none is due.
    pub(super) fn rests(&self, version: u64) -> bool {
        self.rest.is_some_and(|(same, until)| same == version && Instant::now() < until)
    }

    /// For some looks at most: the age of a check is told by a clock that can be set. Not if
    /// one was replaced, and has to be looked at again.
    pub(super) fn rest(&mut self, version: u64, segments: &[SegmentFile], interval: Duration) {
        let known = |one: &SegmentFile| self.good.contains_key(one) || self.later.contains_key(one);
        if !segments.iter().all(known) {
            self.rest = None;
            return;
        }
        let now = Instant::now();
        let oldest = self.good.values().map(|record| record.checked_at).min();
        let left = oldest.map_or(interval, |oldest| {
            interval.saturating_sub(SystemTime::now().duration_since(oldest).unwrap_or_default())
        });
        let retry = self.later.values().min().copied().unwrap_or(now + LONGEST_REST);
        self.rest = Some((version, retry.min(now + left.min(LONGEST_REST))));
    }

    pub(super) fn is_due(&self, segment: SegmentFile, interval: Duration) -> bool {
        if let Some(later) = self.later.get(&segment) {
            return *later <= Instant::now();
        }
        let Some(record) = self.good.get(&segment) else { return true };
        // A clock that was set back makes it due.
        let age = SystemTime::now().duration_since(record.checked_at);
        age.map_or(true, |age| age >= interval)
    }
}
