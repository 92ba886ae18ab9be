use super::decision::{Draft, Stop};
use super::{Effect, Facts, Refusal, ScanTarget, State, Tail};
use crate::mutant;
use crate::types::{SegmentFile, SegmentState, TxId};

/// The edits file that starts with this transaction. A finished one counts alone beside a twin
/// in progress that nobody writes: what a node had of a segment that it missed the end of, and
/// that its syncer fetched. Java refuses such a segment until the twin is purged, so that a
/// writer that needs this node is never elected.
pub(super) fn starting_at(state: &State, first: TxId) -> Result<Option<SegmentFile>, Refusal> {
    let from = SegmentFile::in_progress(first);
    let mut found = state.segments.range(from..).take_while(|file| file.first == first);
    match (found.next(), found.next(), found.next()) {
        (Some(twin), Some(finished), None)
            if twin.is_in_progress() && !is_open(state, first) && !finished.is_in_progress() =>
        {
            Ok(Some(*finished))
        }
        (Some(_), Some(_), _) => Err(Refusal::MoreThanOneSegment(first)),
        (one, _, _) => Ok(one.copied()),
    }
}

/// Whether a file in progress is what a node kept of a segment that it has finished by now.
pub(super) fn is_left_over(state: &State, file: SegmentFile) -> bool {
    let one = starting_at(state, file.first);
    file.is_in_progress() && one.is_ok_and(|one| one.is_some_and(|one| one != file))
}

fn is_open(state: &State, first: TxId) -> bool {
    state.open.is_some_and(|open| open.first == first)
}

/// The only edits file that starts with this transaction (`FileJournalManager.getLogFile`).
pub(super) fn only_starting_at(state: &State, first: TxId) -> Result<Option<SegmentFile>, Refusal> {
    let from = SegmentFile::in_progress(first);
    let mut found = state.segments.range(from..).take_while(|file| file.first == first);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(Refusal::MoreThanOneSegment(first)),
        (one, _) => Ok(one.copied()),
    }
}

/// How a segment ends: from memory, or from a scan.
pub(super) fn tail(state: &State, facts: &Facts, file: SegmentFile) -> Result<Tail, Stop> {
    match state.tail(file) {
        Some(tail) => Ok(tail),
        None => facts.tail(ScanTarget::Segment(file)),
    }
}

/// The newest segment with a transaction in it; empty ones newer than that are moved aside
/// (`Journal.scanStorageForLatestEdits`).
pub(super) fn latest(
    draft: &mut Draft<'_>,
    facts: &Facts,
) -> Result<Option<(SegmentFile, TxId)>, Stop> {
    for file in draft.state.segments.iter().rev() {
        match tail(draft.state, facts, *file)?.last {
            Some(last) => return Ok(Some((*file, last))),
            None => draft.push(Effect::MoveAsideEmpty(*file)),
        }
    }
    Ok(None)
}

/// What this node has of a segment; an empty file is moved aside and counts as nothing
/// (`Journal.getSegmentInfo`).
pub(super) fn state_of(
    draft: &mut Draft<'_>,
    facts: &Facts,
    first: TxId,
) -> Result<Option<SegmentState>, Stop> {
    let Some(file) = starting_at(draft.state, first)? else { return Ok(None) };
    let end = match file.last {
        Some(last) => Some(last),
        None if mutant::is("skip-the-scan-of-a-recovery") => Some(first),
        None => tail(draft.state, facts, file)?.last,
    };
    match end {
        Some(end) => {
            Ok(Some(SegmentState { start: first, end, in_progress: file.is_in_progress() }))
        }
        None => {
            draft.push(Effect::MoveAsideEmpty(file));
            Ok(None)
        }
    }
}
