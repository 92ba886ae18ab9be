use super::decision::{Stop, decide};
use super::{Decision, Effect, Journal, Refusal, State, check};
use crate::mutant;
use crate::types::TxId;

/// `Journal.journal`, the hot path: no queries, one append.
pub fn journal(state: &State, request: &Journal) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        check::write_request(draft, &request.info)?;
        if request.count == 0 {
            return Ok(());
        }
        let Some(open) = &draft.state.open else { return Err(not_open(state, request)) };
        if open.first != request.segment {
            draft.push(Effect::AbortSegment);
            let (theirs, ours) = (request.segment, open.first);
            return Err(Refusal::OtherSegment { theirs, ours }.into());
        }
        let (first, expected) = (request.first, open.next_txid());
        if first != expected {
            return Err(Refusal::TxIdGap { first, expected }.into());
        }
        let last = last_of(request)?;
        // What a quorum has already need not wait for this disk.
        let lagging = draft.committed.is_some_and(|committed| last <= committed);
        draft.push(Effect::Append {
            first,
            last,
            records: request.records.clone(),
            sync: !lagging && !mutant::is("never-sync-a-batch"),
        });
        Ok(())
    })
}

fn not_open(state: &State, request: &Journal) -> Stop {
    match state.failed_segments.get(&request.segment) {
        Some(reason) => {
            Refusal::SegmentFailed { segment: request.segment, reason: reason.clone() }.into()
        }
        None => Refusal::NoSegmentOpen.into(),
    }
}

/// Java counts transactions in an `int` and transaction ids in a `long`.
fn last_of(request: &Journal) -> Result<TxId, Stop> {
    let bad = || Refusal::BadTransactionCount(request.count);
    let count = i32::try_from(request.count).map_err(|_| bad())?;
    let last = request.first.0.checked_add(i64::from(count) - 1).ok_or_else(bad)?;
    Ok(TxId(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RequestInfo;
    use crate::engine::fixture::{Given, batch, cut_back, decided, file, info, tail, telling};

    fn writing() -> Given {
        Given::written_by(2).serial(3).open(5, 9)
    }

    fn append(request: &Journal, last: i64, sync: bool) -> Effect {
        let Journal { first, records, .. } = request.clone();
        Effect::Append { first, last: TxId(last), records, sync }
    }

    fn aborted(state: &mut State) {
        state.open = None;
        state.remember_tail(file(5, None), tail(9));
    }

    #[test]
    fn jn_073_a_batch_is_appended_as_it_came_and_synced() {
        let state = writing().cached(1, 9).state();
        let request = batch(info(2, 4), 5, 10, 12);
        decided(&state, journal(&state, &request))
            .does([Effect::NoteIpcSerial(4), append(&request, 12, true)])
            .answers(())
            .leaves(|state| {
                state.ipc_serial = 4;
                state.highest_written = TxId(12);
                let open = state.open.as_mut().unwrap();
                (open.last, open.last_synced) = (Some(TxId(12)), Some(TxId(12)));
                let version = open.layout_version;
                let cache = state.cache.as_mut().unwrap();
                cache.store(request.records.clone(), TxId(10), TxId(12), version);
            });
    }

    #[test]
    fn jn_074_what_a_quorum_has_is_not_waited_for() {
        for (committed, sync) in [(11, true), (12, false), (13, false)] {
            let state = writing().committed(9).state();
            let request = batch(telling(2, 4, committed), 5, 10, 12);
            decided(&state, journal(&state, &request))
                .does([
                    Effect::NoteIpcSerial(4),
                    Effect::SetCommittedTxId(TxId(committed)),
                    append(&request, 12, sync),
                ])
                .answers(())
                .leaves(|state| {
                    state.ipc_serial = 4;
                    state.committed_txid = Some(TxId(committed));
                    state.highest_written = TxId(12);
                    let open = state.open.as_mut().unwrap();
                    open.last = Some(TxId(12));
                    open.last_synced = Some(TxId(if sync { 12 } else { 9 }));
                });
        }
    }

    #[test]
    fn jn_068_only_the_writer_that_started_a_segment_here_may_append() {
        let state = writing().promised(3).state();
        decided(&state, journal(&state, &batch(info(3, 4), 5, 10, 10)))
            .fails("IOException", "epoch 3 is not the current writer epoch 2")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_069_an_empty_batch_tells_the_committed_txid_without_a_segment() {
        let state = Given::written_by(2).state();
        let request = Journal { count: 0, ..batch(telling(2, 0, 7), 99, 1, 1) };
        decided(&state, journal(&state, &request))
            .does([Effect::NoteIpcSerial(0), Effect::SetCommittedTxId(TxId(7))])
            .answers(())
            .leaves(|state| {
                state.ipc_serial = 0;
                state.committed_txid = Some(TxId(7));
            });
    }

    #[test]
    fn jn_071_072_a_writer_out_of_step_is_told_how() {
        let note = || Effect::NoteIpcSerial(4);
        let other_segment =
            "Writer out of sync: it thinks it is writing segment 6 but current segment is 5";
        for (segment, first, effects, text) in [
            (6, 10, vec![note(), Effect::AbortSegment], other_segment),
            (5, 11, vec![note()], "Can't write txid 11 expecting nextTxId=10"),
            (5, 9, vec![note()], "Can't write txid 9 expecting nextTxId=10"),
        ] {
            let state = writing().state();
            let decision = journal(&state, &batch(info(2, 4), segment, first, first));
            assert!(matches!(&decision, Decision::Act { effects: found, .. } if *found == effects));
            decided(&state, decision).fails("JournalOutOfSyncException", text).leaves(|state| {
                state.ipc_serial = 4;
                if segment == 6 {
                    aborted(state);
                }
            });
        }
    }

    #[test]
    fn jn_070_a_writer_that_started_no_segment_since_the_restart_is_told_so() {
        let state = Given::written_by(2).files([file(5, None)]).state();
        decided(&state, journal(&state, &batch(info(2, 4), 5, 10, 10)))
            .fails("JournalOutOfSyncException", "Can't write, no segment open")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_045_an_unformatted_journal_has_no_writer() {
        let state = Given::unformatted().state();
        decided(&state, journal(&state, &batch(info(0, 0), 1, 1, 1)))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }

    #[test]
    fn jn_075_a_segment_whose_disk_failed_takes_no_more() {
        let state = writing().with(|state| state.segment_failed("ENOSPC", cut_back())).state();
        decided(&state, journal(&state, &batch(info(2, 4), 5, 10, 10)))
            .fails(
                "JournalOutOfSyncException",
                "segment 5 was closed after a disk failure (ENOSPC)",
            )
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_075_after_a_sync_that_nobody_can_undo_nothing_is_taken() {
        let state = writing().out_of_service().state();
        let requests: [RequestInfo; 2] = [info(2, 4), telling(2, 4, 9)];
        let [quiet, telling] = requests.map(|info| journal(&state, &batch(info, 5, 10, 10)));
        decided(&state, quiet)
            .fails("IOException", "out of service")
            .leaves(|state| state.ipc_serial = 4);
        decided(&state, telling).fails("IOException", "out of service").changes_nothing();
    }

    #[test]
    fn counts_beyond_java_are_refused_and_the_segment_stays() {
        let state = writing().state();
        let request = Journal { count: u32::MAX, ..batch(info(2, 4), 5, 10, 10) };
        decided(&state, journal(&state, &request))
            .fails("IllegalArgumentException", "bad number of transactions: 4294967295")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }
}
