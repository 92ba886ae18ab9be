use super::decision::{Stop, decide};
use super::{Decision, Facts, Refusal, State, check, segments};
use crate::types::{LayoutVersion, SegmentFile, TxId};

/// What a node has of a journal's log (`RemoteEditLogManifest`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The segments, oldest first, the one in progress last.
    pub logs: Vec<ManifestEntry>,
    /// What the node knows to be committed.
    pub committed_txid: Option<TxId>,
}

/// One segment (`RemoteEditLog`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManifestEntry {
    /// The first transaction.
    pub start: TxId,
    /// The last; of an empty segment in progress the one before `start`.
    pub end: Option<TxId>,
    /// Whether it is in progress.
    pub in_progress: bool,
}

impl ManifestEntry {
    /// As Java prints it.
    fn range(&self) -> String {
        format!("[{},{}]", self.start, TxId::to_java(self.end))
    }
}

/// `Journal.getEditLogManifest`: the segments that hold `since` or come after it. Finalized
/// ones are believed by name.
pub fn manifest(
    state: &State,
    facts: &Facts,
    since: TxId,
    in_progress_ok: bool,
) -> Decision<Manifest> {
    decide(state, |draft| {
        check::formatted(draft)?;
        let mut logs = Vec::new();
        for file in state.segments.not_before(since) {
            logs.extend(entry(state, facts, file, in_progress_ok)?);
        }
        logs.retain(|log| log.start >= since || log.end.is_some_and(|end| since <= end));
        // Java moves the first segment in progress to the end, and lets it end where its
        // readers may read to.
        if let Some(index) = logs.iter().position(|log| log.in_progress) {
            let mut open = logs.remove(index);
            open.end = Some(state.highest_written);
            logs.push(open);
        }
        disjoint(&logs)?;
        Ok(Manifest { logs, committed_txid: draft.committed })
    })
}

/// A damaged segment is left out, as if this node had been down when it was written: readers
/// then take another node's, where Java would let them run into it and fail over in the middle.
/// A segment in progress is listed only if a reader can make sense of its header.
fn entry(
    state: &State,
    facts: &Facts,
    file: SegmentFile,
    in_progress_ok: bool,
) -> Result<Option<ManifestEntry>, Stop> {
    let (start, in_progress) = (file.first, file.is_in_progress());
    if !in_progress {
        if state.withheld(file).is_some() {
            return Ok(None);
        }
        return Ok(Some(ManifestEntry { start, end: file.last, in_progress }));
    }
    if !in_progress_ok || segments::is_left_over(state, file) {
        return Ok(None);
    }
    let tail = match segments::tail(state, facts, file) {
        Ok(tail) => tail,
        Err(Stop::Ask(query)) => return Err(Stop::Ask(query)),
        Err(Stop::Fail(_)) => return Ok(None),
    };
    let readable = |version: LayoutVersion| {
        (LayoutVersion::CURRENT..=LayoutVersion::OLDEST_READABLE).contains(&version)
    };
    Ok(tail.header.is_some_and(readable).then_some(ManifestEntry {
        start,
        end: tail.last,
        in_progress,
    }))
}

/// The constructor of `RemoteEditLogManifest` insists on it.
fn disjoint(logs: &[ManifestEntry]) -> Result<(), Refusal> {
    for pair in logs.windows(2) {
        if let [previous, next] = pair
            && Some(next.start) <= previous.end
        {
            let (previous, next) = (previous.range(), next.range());
            return Err(Refusal::ManifestOverlap { previous, next });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, facts, file, not_found, tail};
    use crate::engine::{Query, ScanTarget, SegmentDamage, Tail};

    fn entry_of(start: i64, end: i64, in_progress: bool) -> ManifestEntry {
        ManifestEntry { start: TxId(start), end: Some(TxId(end)), in_progress }
    }

    fn listing<const N: usize>(logs: [ManifestEntry; N], committed: Option<i64>) -> Manifest {
        Manifest { logs: logs.to_vec(), committed_txid: committed.map(TxId) }
    }

    fn ask(state: &State, facts: &Facts, since: i64, in_progress_ok: bool) -> Decision<Manifest> {
        manifest(state, facts, TxId(since), in_progress_ok)
    }

    #[test]
    fn what_was_in_progress_of_a_finished_segment_is_not_listed() {
        let files = [file(1, 4), file(5, None), file(5, 9)];
        let state = Given::written_by(1).files(files).highest(9).state();
        let facts = facts([(file(5, None), tail(7))]);
        let expected = listing([entry_of(1, 4, false), entry_of(5, 9, false)], None);
        decided(&state, ask(&state, &facts, 1, true)).answers(expected).changes_nothing();
    }

    #[test]
    fn jn_045_an_unformatted_journal_has_no_manifest() {
        let state = Given::unformatted().state();
        decided(&state, ask(&state, &Facts::default(), 1, false))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }

    #[test]
    fn jn_095_097_finalized_segments_that_hold_or_follow_since() {
        let given = || Given::written_by(1).files([file(1, 4), file(5, 9)]).open(10, 12);
        let (one, five) = (entry_of(1, 4, false), entry_of(5, 9, false));
        for (since, expected) in [
            (0, listing([one, five], None)),
            (1, listing([one, five], None)),
            (4, listing([one, five], None)),
            (5, listing([five], None)),
            (9, listing([five], None)),
            (10, listing([], None)),
        ] {
            let state = given().state();
            decided(&state, ask(&state, &Facts::default(), since, false))
                .answers(expected.clone())
                .changes_nothing();
            let state = given().committed(8).state();
            decided(&state, ask(&state, &Facts::default(), since, false))
                .answers(Manifest { committed_txid: Some(TxId(8)), ..expected })
                .changes_nothing();
        }
    }

    #[test]
    fn jn_096_the_segment_in_progress_comes_last_and_ends_where_readers_may_read_to() {
        let state = Given::written_by(1).files([file(1, 4)]).open(5, 9).state();
        let open = entry_of(5, 9, true);
        decided(&state, ask(&state, &Facts::default(), 1, true))
            .answers(listing([entry_of(1, 4, false), open], None))
            .changes_nothing();
        decided(&state, ask(&state, &Facts::default(), 7, true))
            .answers(listing([open], None))
            .changes_nothing();
        let state = Given::written_by(1).files([file(1, 4)]).highest(4).open(5, None).state();
        decided(&state, ask(&state, &Facts::default(), 5, true))
            .answers(listing([entry_of(5, 4, true)], None))
            .changes_nothing();
    }

    #[test]
    fn jn_096_a_stale_segment_in_progress_is_the_one_that_moves_to_the_end() {
        let stale = Given::written_by(1).known(file(1, None), tail(4));
        let state = stale.files([file(5, 9)]).highest(9).state();
        decided(&state, ask(&state, &Facts::default(), 5, true))
            .answers(listing([entry_of(5, 9, false)], None))
            .changes_nothing();
        decided(&state, ask(&state, &Facts::default(), 1, true))
            .fails("IllegalStateException", "Invalid log manifest (log [1,9] overlaps [5,9])")
            .changes_nothing();
    }

    #[test]
    fn jn_098_a_segment_in_progress_that_nobody_could_read_is_left_out() {
        let one = entry_of(1, 4, false);
        let state = Given::written_by(1).files([file(1, 4), file(5, None)]).highest(4).state();
        let scan = Query::Scan(ScanTarget::Segment(file(5, None)));
        let asked = ask(&state, &Facts::default(), 1, true);
        assert_eq!(asked, Decision::Ask(scan.clone()));
        for header in [None, Some(LayoutVersion(-68)), Some(LayoutVersion(-15))] {
            let facts = facts([(file(5, None), Tail { header, last: Some(TxId(7)) })]);
            decided(&state, ask(&state, &facts, 1, true))
                .answers(listing([one], None))
                .changes_nothing();
        }
        let mut failed = Facts::default();
        failed.learn(scan, Err(not_found()));
        decided(&state, ask(&state, &failed, 1, true))
            .answers(listing([one], None))
            .changes_nothing();
        for version in [-67, -16] {
            let header = Some(LayoutVersion(version));
            let facts = facts([(file(5, None), Tail { header, last: Some(TxId(7)) })]);
            decided(&state, ask(&state, &facts, 1, true))
                .answers(listing([one, entry_of(5, 4, true)], None))
                .changes_nothing();
        }
    }

    #[test]
    fn a_damaged_segment_is_left_out_unless_it_can_be_read_to_its_end() {
        for (withheld, listed) in [(true, vec![1, 10]), (false, vec![1, 5, 10])] {
            let damage = SegmentDamage { what: "at byte 81".into(), withheld };
            let state = Given::written_by(1)
                .files([file(1, 4), file(5, 9), file(10, 12)])
                .damaged(file(5, 9), damage)
                .state();
            let Decision::Act { answer, .. } = ask(&state, &Facts::default(), 1, false) else {
                panic!("it needs no facts");
            };
            let starts: Vec<i64> = answer.unwrap().logs.iter().map(|log| log.start.0).collect();
            assert_eq!(starts, listed);
        }
    }

    #[test]
    fn jn_098_overlapping_files_are_refused() {
        let state = Given::written_by(1).files([file(1, 6), file(5, 9)]).state();
        decided(&state, ask(&state, &Facts::default(), 1, false))
            .fails("IllegalStateException", "Invalid log manifest (log [5,9] overlaps [1,6])")
            .changes_nothing();
    }
}
