use super::decision::{Draft, Stop, decide};
use super::{Decision, Effect, Facts, FinalizeLogSegment, Refusal, State, check, segments};
use crate::mutant;

/// `Journal.finalizeLogSegment`. Doing it twice succeeds.
pub fn finalize_log_segment(
    state: &State,
    facts: &Facts,
    request: &FinalizeLogSegment,
) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        check::request(draft, &request.info)?;
        close_own(draft, request)?;
        let FinalizeLogSegment { start: first, end, .. } = *request;
        let Some(segment) = segments::starting_at(draft.state, first)? else {
            return Err(Refusal::NothingToFinalize(first).into());
        };
        match segment.last {
            Some(last) if last != end => return Err(Refusal::OtherEnd { segment, end }.into()),
            Some(_) => {}
            None => {
                is_the_writers(draft, facts, request)?;
                let on_disk = segments::tail(draft.state, facts, segment)?.last;
                if on_disk != Some(end) {
                    return Err(Refusal::DiskShort { first, end, segment, on_disk }.into());
                }
                if let Some(other) = draft.state.segments.overlapping(first, end) {
                    return Err(Refusal::OverlapsFinalized { segment, end, other }.into());
                }
                draft.push(Effect::FinalizeSegment { first, last: end });
            }
        }
        draft.push(Effect::DeletePaxos(first));
        Ok(())
    })
}

/// A writer finishes what it wrote here, or what it had this node accept. A copy that is neither
/// may be of an older writer, and an equal end says nothing then: the same transactions may have
/// been written anew, elsewhere. The syncer brings the finished one. Java compares the ends only.
fn is_the_writers(
    draft: &Draft<'_>,
    facts: &Facts,
    request: &FinalizeLogSegment,
) -> Result<(), Stop> {
    let (first, epoch) = (request.start, request.info.epoch);
    let writer = draft.state.last_writer_epoch;
    if writer == epoch || mutant::is("trust-what-an-older-writer-left") {
        return Ok(());
    }
    let accepted_in = facts.paxos(first)?.map(|record| record.accepted_in).unwrap_or_default();
    if accepted_in == epoch {
        return Ok(());
    }
    Err(Refusal::NotRecoveredHere { first, epoch, ours: writer.max(accepted_in) }.into())
}

/// The open segment is closed even if the caller is wrong about its end.
fn close_own(draft: &mut Draft<'_>, request: &FinalizeLogSegment) -> Result<(), Stop> {
    let FinalizeLogSegment { start: first, end, .. } = *request;
    match &draft.state.open {
        Some(open) if open.first == first => {
            draft.push(Effect::CloseSegment);
            let written = open.written_up_to();
            if written == end {
                Ok(())
            } else {
                Err(Refusal::WrittenShort { first, end, written }.into())
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, facts, file, info, tail};
    use crate::engine::{Answer, Query, ScanTarget};
    use crate::types::{Epoch, PaxosRecord, SegmentState, TxId};

    fn finalize(start: i64, end: i64) -> FinalizeLogSegment {
        FinalizeLogSegment { info: info(2, 4), start: TxId(start), end: TxId(end) }
    }

    fn renamed(start: i64, end: i64) -> Effect {
        Effect::FinalizeSegment { first: TxId(start), last: TxId(end) }
    }

    fn finalized(start: i64, end: i64, state: &mut State) {
        state.ipc_serial = 4;
        state.open = None;
        let mut files = state.segments.clone();
        files.remove(&file(start, None));
        files.insert(file(start, end));
        state.relist(files);
        state.remember_tail(file(start, end), tail(end));
    }

    #[test]
    fn jn_077_082_the_open_segment_is_cut_renamed_and_its_recovery_forgotten() {
        let state = Given::written_by(2).open(5, 9).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, 9)))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::CloseSegment,
                renamed(5, 9),
                Effect::DeletePaxos(TxId(5)),
            ])
            .answers(())
            .leaves(|state| finalized(5, 9, state));
    }

    #[test]
    fn jn_078_the_open_segment_is_closed_even_if_the_end_is_wrong() {
        for end in [8, 10] {
            let state = Given::written_by(2).open(5, 9).state();
            decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, end)))
                .fails("JournalOutOfSyncException", "but only written up to txid 9")
                .does([Effect::NoteIpcSerial(4), Effect::CloseSegment])
                .leaves(|state| {
                    state.ipc_serial = 4;
                    state.open = None;
                    state.remember_tail(file(5, None), tail(9));
                });
        }
    }

    #[test]
    fn jn_078_nothing_written_is_not_finalized() {
        let state = Given::written_by(2).open(5, None).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, 4)))
            .fails("JournalOutOfSyncException", "disk only contains up to txid -12345")
            .does([Effect::NoteIpcSerial(4), Effect::CloseSegment])
            .leaves(|state| {
                state.ipc_serial = 4;
                state.open = None;
                state.remember_tail(file(5, None), tail(None));
            });
    }

    #[test]
    fn jn_079_a_closed_segment_is_finalized_by_what_a_scan_finds() {
        let state = Given::written_by(2).files([file(5, None)]).state();
        let scan = Query::Scan(ScanTarget::Segment(file(5, None)));
        let asked = finalize_log_segment(&state, &Facts::default(), &finalize(5, 9));
        assert_eq!(asked, Decision::Ask(scan));
        let scanned = facts([(file(5, None), tail(9))]);
        decided(&state, finalize_log_segment(&state, &scanned, &finalize(5, 9)))
            .does([Effect::NoteIpcSerial(4), renamed(5, 9), Effect::DeletePaxos(TxId(5))])
            .answers(())
            .leaves(|state| {
                state.ipc_serial = 4;
                state.segments = [file(5, 9)].into();
            });
        decided(&state, finalize_log_segment(&state, &scanned, &finalize(5, 10)))
            .fails("JournalOutOfSyncException", "disk only contains up to txid 9")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn a_copy_that_the_writer_did_not_write_is_finished_only_if_it_had_it_accepted() {
        let state = Given::written_by(1).promised(3).known(file(5, None), tail(9)).state();
        let request = FinalizeLogSegment { info: info(3, 4), start: TxId(5), end: TxId(9) };
        let with_record = |accepted_in: Option<i64>| {
            let segment = SegmentState { start: TxId(5), end: TxId(9), in_progress: true };
            let record =
                accepted_in.map(|epoch| PaxosRecord { segment, accepted_in: Epoch(epoch) });
            let mut facts = Facts::default();
            facts.learn(Query::Paxos(TxId(5)), Ok(Answer::Paxos(record)));
            facts
        };
        for accepted_in in [None, Some(1), Some(2)] {
            decided(&state, finalize_log_segment(&state, &with_record(accepted_in), &request))
                .fails("JournalOutOfSyncException", "the recovery of epoch 3 did not reach")
                .does([Effect::NoteIpcSerial(4)])
                .leaves(|state| state.ipc_serial = 4);
        }
        decided(&state, finalize_log_segment(&state, &with_record(Some(3)), &request))
            .does([Effect::NoteIpcSerial(4), renamed(5, 9), Effect::DeletePaxos(TxId(5))])
            .answers(());
    }

    #[test]
    fn jn_079_another_open_segment_is_left_alone() {
        let state = Given::written_by(2).known(file(1, None), tail(4)).open(5, 9).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(1, 4)))
            .does([Effect::NoteIpcSerial(4), renamed(1, 4), Effect::DeletePaxos(TxId(1))])
            .answers(())
            .leaves(|state| {
                let open = state.open;
                finalized(1, 4, state);
                state.open = open;
            });
    }

    #[test]
    fn jn_080_there_must_be_something_to_finalize() {
        let state = Given::written_by(2).files([file(1, 4)]).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(1000, 1001)))
            .fails("JournalOutOfSyncException", "No log file to finalize at transaction ID 1000")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_081_again_with_the_same_end_succeeds_with_another_it_does_not() {
        let state = Given::written_by(2).files([file(5, 9)]).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, 9)))
            .does([Effect::NoteIpcSerial(4), Effect::DeletePaxos(TxId(5))])
            .answers(())
            .leaves(|state| state.ipc_serial = 4);
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, 8)))
            .fails("IllegalArgumentException", "Trying to re-finalize already finalized log")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn finalized_segments_never_overlap() {
        let state = Given::written_by(2).files([file(5, 9)]).known(file(1, None), tail(6)).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(1, 6)))
            .fails("IllegalStateException", "it would overlap edits_0000000000000000005-")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn a_segment_that_the_syncer_finished_beside_its_twin_in_progress_is_finished() {
        let state = Given::written_by(2).files([file(5, None), file(5, 9)]).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, 9)))
            .does([Effect::NoteIpcSerial(4), Effect::DeletePaxos(TxId(5))])
            .answers(())
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn two_finished_files_that_start_together_are_refused() {
        let state = Given::written_by(2).files([file(5, 7), file(5, 9)]).state();
        decided(&state, finalize_log_segment(&state, &Facts::default(), &finalize(5, 9)))
            .fails("IllegalStateException", "More than one log segment")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }
}
