use super::decision::{Draft, Stop, decide};
use super::{Decision, Effect, Facts, Refusal, StartLogSegment, State, check, segments};
use crate::mutant;

/// `Journal.startLogSegment`. The writer epoch is durable before the file exists: recovery
/// breaks ties by it.
pub fn start_log_segment(state: &State, facts: &Facts, request: &StartLogSegment) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        check::request(draft, &request.info)?;
        if request.txid.0 < 0 {
            return Err(Refusal::BadFirstTxId(request.txid).into());
        }
        draft.abort_segment();
        replaceable(draft, facts, request)?;
        room_left(draft, facts, request)?;
        if draft.state.last_writer_epoch != request.info.epoch {
            move_stale_aside(draft, facts, request)?;
            draft.push(Effect::SetWriterEpoch(request.info.epoch));
        }
        draft.push(Effect::DeletePaxos(request.txid));
        let StartLogSegment { txid: first, layout_version, .. } = *request;
        draft.push(Effect::OpenSegment { first, layout_version });
        Ok(())
    })
}

/// Only a segment that holds just its first transaction may be overwritten: its writer died
/// before it wrote anything that a client could have seen.
fn replaceable(draft: &Draft<'_>, facts: &Facts, request: &StartLogSegment) -> Result<(), Stop> {
    let first = request.txid;
    let Some(segment) = segments::only_starting_at(draft.state, first)? else { return Ok(()) };
    if !segment.is_in_progress() {
        return Err(Refusal::AlreadyFinalized { segment, first }.into());
    }
    if segments::tail(draft.state, facts, segment)?.last != Some(first) {
        return Err(Refusal::HoldsTransactions(segment).into());
    }
    Ok(())
}

/// Whoever starts a segment has finished all before it on a majority. A copy that is still in
/// progress here missed that, and nothing tells what it is worth: the epoch that this node
/// remembers for it is about to become the new writer's, and with that a copy that an older
/// writer left would count as the newest. The syncer, or the next recovery, brings the finished
/// one. Java keeps it, and trusts it. What this writer had this node accept is as good as any.
fn move_stale_aside(
    draft: &mut Draft<'_>,
    facts: &Facts,
    request: &StartLogSegment,
) -> Result<(), Stop> {
    if mutant::is("trust-what-an-older-writer-left") {
        return Ok(());
    }
    let state = draft.state;
    let before = state.segments.iter().take_while(|file| file.first < request.txid);
    for file in before.filter(|file| file.is_in_progress()) {
        match facts.paxos(file.first)? {
            Some(record) if record.accepted_in == request.info.epoch => continue,
            // First: a record without its segment would claim what is not here.
            Some(_) => draft.push(Effect::DeletePaxos(file.first)),
            None => {}
        }
        draft.push(Effect::MoveAsideStale(*file));
    }
    Ok(())
}

/// Refuses before the disk is full, so that the segments that are open can still be written.
fn room_left(draft: &Draft<'_>, facts: &Facts, request: &StartLogSegment) -> Result<(), Stop> {
    let reserve_bytes = draft.state.reserve_bytes;
    if reserve_bytes == 0 {
        return Ok(());
    }
    let free_bytes = facts.free_space_bytes()?;
    if free_bytes < reserve_bytes {
        let directory = draft.state.directory.clone();
        let segment = request.txid;
        return Err(Refusal::NoSpace { segment, directory, free_bytes, reserve_bytes }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, facts, file, info, tail};
    use crate::engine::{Answer, OpenSegment, Query, ScanTarget};
    use crate::types::{Epoch, LayoutVersion, PaxosRecord, SegmentState, TxId};

    fn start(txid: i64) -> StartLogSegment {
        let layout_version = LayoutVersion::CURRENT;
        StartLogSegment { info: info(2, 4), txid: TxId(txid), layout_version }
    }

    fn open(txid: i64) -> Effect {
        Effect::OpenSegment { first: TxId(txid), layout_version: LayoutVersion::CURRENT }
    }

    fn opened(txid: i64, state: &mut State) {
        let (first, layout_version) = (TxId(txid), LayoutVersion::CURRENT);
        state.ipc_serial = 4;
        state.last_writer_epoch = Epoch(2);
        state.segments.insert(file(txid, None));
        state.last_opened = Some(first);
        state.open = Some(OpenSegment { first, layout_version, last: None, last_synced: None });
    }

    #[test]
    fn jn_067_the_writer_epoch_comes_before_the_file_and_the_old_recovery_goes() {
        let state = Given::written_by(1).promised(2).state();
        decided(&state, start_log_segment(&state, &Facts::default(), &start(1)))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::SetWriterEpoch(Epoch(2)),
                Effect::DeletePaxos(TxId(1)),
                open(1),
            ])
            .answers(())
            .leaves(|state| opened(1, state));
    }

    #[test]
    fn jn_067_a_writer_epoch_that_is_known_is_not_written_again() {
        let state = Given::written_by(2).known(file(1, 4), tail(4)).highest(4).state();
        decided(&state, start_log_segment(&state, &Facts::default(), &start(5)))
            .does([Effect::NoteIpcSerial(4), Effect::DeletePaxos(TxId(5)), open(5)])
            .answers(())
            .leaves(|state| opened(5, state));
    }

    #[test]
    fn jn_063_the_layout_version_is_the_writers() {
        let state = Given::written_by(2).state();
        let layout_version = LayoutVersion(-99);
        let request = StartLogSegment { layout_version, ..start(1) };
        decided(&state, start_log_segment(&state, &Facts::default(), &request))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::DeletePaxos(TxId(1)),
                Effect::OpenSegment { first: TxId(1), layout_version },
            ])
            .answers(())
            .leaves(|state| {
                opened(1, state);
                state.open.as_mut().unwrap().layout_version = layout_version;
            });
    }

    #[test]
    fn jn_064_a_segment_with_more_than_its_first_transaction_is_not_overwritten() {
        let cases = [
            (file(5, 5), None, "have a finalized segment"),
            (file(5, None), Some(tail(6)), "seems to contain valid transactions"),
            (file(5, None), Some(tail(None)), "seems to contain valid transactions"),
        ];
        for (existing, scanned, text) in cases {
            let state = Given::written_by(1).promised(2).files([existing]).state();
            let facts = scanned.map_or_else(Facts::default, |tail| facts([(existing, tail)]));
            decided(&state, start_log_segment(&state, &facts, &start(5)))
                .fails("IllegalStateException", text)
                .does([Effect::NoteIpcSerial(4)])
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn jn_064_two_files_that_start_together_are_refused() {
        let state = Given::written_by(2).files([file(5, None), file(5, 7)]).state();
        decided(&state, start_log_segment(&state, &Facts::default(), &start(5)))
            .fails("IllegalStateException", "More than one log segment")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_065_one_transaction_is_overwritten_and_readers_lose_sight_of_it() {
        let one = file(5, None);
        let state = Given::written_by(1).promised(2).files([one]).highest(5).cached(5, 5).state();
        let scan = Query::Scan(ScanTarget::Segment(one));
        let asked = start_log_segment(&state, &Facts::default(), &start(5));
        assert_eq!(asked, Decision::Ask(scan));
        decided(&state, start_log_segment(&state, &facts([(one, tail(5))]), &start(5)))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::SetWriterEpoch(Epoch(2)),
                Effect::DeletePaxos(TxId(5)),
                open(5),
            ])
            .answers(())
            .leaves(|state| {
                opened(5, state);
                state.highest_written = TxId(4);
                state.cache.as_mut().unwrap().forget_from(TxId(5));
            });
    }

    #[test]
    fn jn_066_an_open_segment_is_aborted_first_and_stays_aborted() {
        let state = Given::written_by(2).open(1, 4).state();
        decided(&state, start_log_segment(&state, &Facts::default(), &start(5)))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::AbortSegment,
                Effect::DeletePaxos(TxId(5)),
                open(5),
            ])
            .answers(())
            .leaves(|state| {
                opened(5, state);
                state.remember_tail(file(1, None), tail(4));
            });
        decided(&state, start_log_segment(&state, &Facts::default(), &start(1)))
            .fails("IllegalStateException", "edits_inprogress_0000000000000000001 seems to contain")
            .does([Effect::NoteIpcSerial(4), Effect::AbortSegment])
            .leaves(|state| {
                state.ipc_serial = 4;
                state.open = None;
                state.remember_tail(file(1, None), tail(4));
            });
    }

    fn with_record(accepted_in: Option<i64>) -> Facts {
        let segment = SegmentState { start: TxId(1), end: TxId(4), in_progress: true };
        let record = accepted_in.map(|epoch| PaxosRecord { segment, accepted_in: Epoch(epoch) });
        let mut facts = Facts::default();
        facts.learn(Query::Paxos(TxId(1)), Ok(Answer::Paxos(record)));
        facts
    }

    #[test]
    fn what_an_older_writer_left_in_progress_is_not_passed_off_as_the_new_ones() {
        let left = file(1, None);
        let given = || Given::written_by(1).promised(2).known(left, tail(4));
        let moved = |before: &[Effect]| {
            let effects = [Effect::MoveAsideStale(left), Effect::SetWriterEpoch(Epoch(2))];
            [before, &effects, &[Effect::DeletePaxos(TxId(5)), open(5)]].concat()
        };
        for (accepted_in, before) in [(None, vec![]), (Some(1), vec![Effect::DeletePaxos(TxId(1))])]
        {
            let state = given().state();
            let expected = [vec![Effect::NoteIpcSerial(4)], moved(&before)].concat();
            let decision = start_log_segment(&state, &with_record(accepted_in), &start(5));
            let Decision::Act { effects, answer } = decision else { panic!("{decision:?}") };
            assert_eq!((effects, answer), (expected, Ok(())));
        }
        let state = given().state();
        let asked = start_log_segment(&state, &Facts::default(), &start(5));
        assert_eq!(asked, Decision::Ask(Query::Paxos(TxId(1))));
    }

    #[test]
    fn what_the_new_writer_itself_recovered_here_stays_in_progress() {
        let state = Given::written_by(1).promised(2).known(file(1, None), tail(4)).state();
        decided(&state, start_log_segment(&state, &with_record(Some(2)), &start(5)))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::SetWriterEpoch(Epoch(2)),
                Effect::DeletePaxos(TxId(5)),
                open(5),
            ])
            .answers(());
    }

    #[test]
    fn a_segment_whose_end_its_own_writer_did_not_tell_stays_in_progress() {
        let state = Given::written_by(2).known(file(1, None), tail(3)).state();
        decided(&state, start_log_segment(&state, &Facts::default(), &start(5)))
            .does([Effect::NoteIpcSerial(4), Effect::DeletePaxos(TxId(5)), open(5)])
            .answers(());
    }

    #[test]
    fn a_nearly_full_disk_refuses_a_new_segment_before_it_is_full() {
        let state = Given::written_by(2).with(|state| state.reserve_bytes = 100).state();
        let free = |bytes| {
            let mut facts = Facts::default();
            facts.learn(Query::FreeSpace, Ok(Answer::FreeSpace(bytes)));
            facts
        };
        let asked = start_log_segment(&state, &Facts::default(), &start(1));
        assert_eq!(asked, Decision::Ask(Query::FreeSpace));
        decided(&state, start_log_segment(&state, &free(99), &start(1)))
            .fails("IOException", "99 bytes are free in /jn/ns1, fewer than the 100")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
        decided(&state, start_log_segment(&state, &free(100), &start(1)))
            .answers(())
            .leaves(|state| opened(1, state));
    }

    #[test]
    fn a_segment_that_no_name_can_hold_is_refused() {
        let state = Given::written_by(2).serial(3).open(5, 9).state();
        decided(&state, start_log_segment(&state, &Facts::default(), &start(-3)))
            .fails("IllegalArgumentException", "cannot start at txid -3")
            .does([Effect::NoteIpcSerial(4)]);
    }
}
