use super::decision::{Draft, Stop, decide};
use super::{Decision, Effect, Facts, PrepareRecovery, ScanTarget, State, check, segments};
use crate::mutant;
use crate::types::{Epoch, PaxosRecord, SegmentState, TxId};

/// What a node answers to `prepareRecovery`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PreparedRecovery {
    /// The segment as accepted before, or as it is; `None` if the node has nothing of it.
    pub segment: Option<SegmentState>,
    /// Set if `segment` was accepted before, in that epoch.
    pub accepted_in: Option<Epoch>,
    /// Breaks ties between nodes.
    pub last_writer_epoch: Epoch,
    /// What the node knows to be committed.
    pub committed_txid: Option<TxId>,
}

/// `Journal.prepareRecovery`.
pub fn prepare_recovery(
    state: &State,
    facts: &Facts,
    request: &PrepareRecovery,
) -> Decision<PreparedRecovery> {
    decide(state, |draft| {
        check::formatted(draft)?;
        check::request(draft, &request.info)?;
        draft.abort_segment();
        let accepted = facts.paxos(request.segment)?;
        let own = match accepted {
            Some(record) => roll_forward(draft, facts, &record)?,
            None => segments::state_of(draft, facts, request.segment)?,
        };
        let finalized = own.is_some_and(|segment| !segment.in_progress);
        let accepted = accepted.filter(|_| !finalized);
        Ok(PreparedRecovery {
            segment: accepted.map(|record| record.segment).or(own),
            accepted_in: accepted.map(|record| record.accepted_in),
            last_writer_epoch: draft.state.last_writer_epoch,
            committed_txid: draft.committed,
        })
    })
}

/// A crash between writing the Paxos record and installing the download leaves both: the
/// recovery was accepted, so the download is the segment
/// (`Journal.completeHalfDoneAcceptRecovery`). Not of a finished one: that never changes.
fn roll_forward(
    draft: &mut Draft<'_>,
    facts: &Facts,
    record: &PaxosRecord,
) -> Result<Option<SegmentState>, Stop> {
    let (first, epoch) = (record.segment.start, record.accepted_in);
    let own = segments::starting_at(draft.state, first)?;
    let finalized = own.is_some_and(|file| !file.is_in_progress());
    let forgets = mutant::is("forget-a-half-done-recovery");
    if finalized || forgets || !facts.download(first, epoch)? {
        return segments::state_of(draft, facts, first);
    }
    let end = facts.tail(ScanTarget::Download { first, epoch })?.last;
    // Not what was accepted: a second recovery of that epoch died before its record.
    if end != Some(record.segment.end) {
        return segments::state_of(draft, facts, first);
    }
    draft.push(Effect::InstallDownload { first, epoch });
    Ok(end.map(|end| SegmentState { start: first, end, in_progress: true }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, cut_back, decided, file, info, segment, tail, telling};
    use crate::engine::{Answer, Query, Tail};

    fn prepare(start: i64) -> PrepareRecovery {
        PrepareRecovery { info: info(2, 4), segment: TxId(start) }
    }

    fn accepted(start: i64, end: i64, epoch: i64) -> PaxosRecord {
        PaxosRecord { segment: segment(start, end), accepted_in: Epoch(epoch) }
    }

    fn nothing_but_epoch(epoch: i64) -> PreparedRecovery {
        PreparedRecovery {
            segment: None,
            accepted_in: None,
            last_writer_epoch: Epoch(epoch),
            committed_txid: None,
        }
    }

    fn with_paxos(record: Option<PaxosRecord>) -> Facts {
        let mut facts = Facts::default();
        facts.learn(Query::Paxos(TxId(5)), Ok(Answer::Paxos(record)));
        facts
    }

    fn with_download(record: PaxosRecord, found: Option<Tail>) -> Facts {
        let (first, epoch) = (TxId(5), record.accepted_in);
        let mut facts = with_paxos(Some(record));
        let exists = Answer::Download(found.is_some());
        facts.learn(Query::Download { first, epoch }, Ok(exists));
        if let Some(tail) = found {
            let scan = Query::Scan(ScanTarget::Download { first, epoch });
            facts.learn(scan, Ok(Answer::Tail(tail)));
        }
        facts
    }

    #[test]
    fn jn_085_086_none_in_progress_and_finalized() {
        let finalized = SegmentState { in_progress: false, ..segment(5, 9) };
        let cases = [
            (Given::written_by(1).promised(2).committed(3), None),
            (Given::written_by(1).promised(2).committed(3).files([file(5, 9)]), Some(finalized)),
            (
                Given::written_by(1).promised(2).committed(3).known(file(5, None), tail(7)),
                Some(segment(5, 7)),
            ),
        ];
        for (given, segment) in cases {
            let state = given.state();
            let committed_txid = Some(TxId(3));
            decided(&state, prepare_recovery(&state, &with_paxos(None), &prepare(5)))
                .does([Effect::NoteIpcSerial(4)])
                .answers(PreparedRecovery { segment, committed_txid, ..nothing_but_epoch(1) })
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn a_segment_that_the_syncer_finished_beside_its_twin_in_progress_is_finished() {
        let files = [file(5, None), file(5, 9)];
        let state = Given::written_by(1).promised(2).committed(9).files(files).state();
        let segment = Some(SegmentState { in_progress: false, ..segment(5, 9) });
        let committed_txid = Some(TxId(9));
        decided(&state, prepare_recovery(&state, &with_paxos(None), &prepare(5)))
            .does([Effect::NoteIpcSerial(4)])
            .answers(PreparedRecovery { segment, committed_txid, ..nothing_but_epoch(1) })
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_085_the_open_segment_is_aborted_and_reported_as_written() {
        let state = Given::written_by(2).open(5, 9).state();
        decided(&state, prepare_recovery(&state, &with_paxos(None), &prepare(5)))
            .does([Effect::NoteIpcSerial(4), Effect::AbortSegment])
            .answers(PreparedRecovery { segment: Some(segment(5, 9)), ..nothing_but_epoch(2) })
            .leaves(|state| {
                state.ipc_serial = 4;
                state.open = None;
                state.remember_tail(file(5, None), tail(9));
            });
    }

    #[test]
    fn jn_085_an_empty_segment_is_moved_aside_and_counts_as_none() {
        let state = Given::written_by(2).known(file(5, None), tail(None)).state();
        decided(&state, prepare_recovery(&state, &with_paxos(None), &prepare(5)))
            .does([Effect::NoteIpcSerial(4), Effect::MoveAsideEmpty(file(5, None))])
            .answers(nothing_but_epoch(2))
            .leaves(|state| {
                state.ipc_serial = 4;
                state.relist([].into());
            });
    }

    #[test]
    fn jn_085_what_was_accepted_before_comes_with_its_epoch() {
        let state = Given::written_by(2).known(file(5, None), tail(8)).state();
        let facts = with_download(accepted(5, 8, 1), None);
        decided(&state, prepare_recovery(&state, &facts, &prepare(5)))
            .does([Effect::NoteIpcSerial(4)])
            .answers(PreparedRecovery {
                segment: Some(segment(5, 8)),
                accepted_in: Some(Epoch(1)),
                ..nothing_but_epoch(2)
            })
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_085_a_finalized_segment_outranks_what_was_accepted_and_any_download() {
        let state = Given::written_by(2).files([file(5, 8)]).state();
        let finalized = SegmentState { in_progress: false, ..segment(5, 8) };
        for facts in
            [with_paxos(Some(accepted(5, 8, 1))), with_download(accepted(5, 9, 1), Some(tail(9)))]
        {
            decided(&state, prepare_recovery(&state, &facts, &prepare(5)))
                .does([Effect::NoteIpcSerial(4)])
                .answers(PreparedRecovery { segment: Some(finalized), ..nothing_but_epoch(2) })
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn jn_087_a_download_of_the_accepted_epoch_is_rolled_forward() {
        for before in [Given::written_by(2), Given::written_by(2).known(file(5, None), tail(6))] {
            let state = before.state();
            let facts = with_download(accepted(5, 9, 1), Some(tail(9)));
            let (first, epoch) = (TxId(5), Epoch(1));
            decided(&state, prepare_recovery(&state, &facts, &prepare(5)))
                .does([Effect::NoteIpcSerial(4), Effect::InstallDownload { first, epoch }])
                .answers(PreparedRecovery {
                    segment: Some(segment(5, 9)),
                    accepted_in: Some(Epoch(1)),
                    ..nothing_but_epoch(2)
                })
                .leaves(|state| {
                    state.ipc_serial = 4;
                    state.relist([].into());
                    state.relist([file(5, None)].into());
                });
        }
    }

    #[test]
    fn jn_087_a_download_of_something_else_than_was_accepted_stays_where_it_is() {
        let state = Given::written_by(2).known(file(5, None), tail(9)).state();
        for found in [tail(8), tail(10), tail(None)] {
            let facts = with_download(accepted(5, 9, 1), Some(found));
            decided(&state, prepare_recovery(&state, &facts, &prepare(5)))
                .does([Effect::NoteIpcSerial(4)])
                .answers(PreparedRecovery {
                    segment: Some(segment(5, 9)),
                    accepted_in: Some(Epoch(1)),
                    ..nothing_but_epoch(2)
                })
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn jn_087_only_the_download_of_that_epoch_is_asked_for() {
        let state = Given::written_by(2).state();
        let facts = with_paxos(Some(accepted(5, 9, 1)));
        let asked = prepare_recovery(&state, &facts, &prepare(5));
        let query = Query::Download { first: TxId(5), epoch: Epoch(1) };
        assert_eq!(asked, Decision::Ask(query));
    }

    #[test]
    fn jn_086_the_reply_carries_the_committed_txid_of_the_request_itself() {
        let state = Given::written_by(2).state();
        let request = PrepareRecovery { info: telling(2, 4, 7), segment: TxId(5) };
        decided(&state, prepare_recovery(&state, &with_paxos(None), &request))
            .does([Effect::NoteIpcSerial(4), Effect::SetCommittedTxId(TxId(7))])
            .answers(PreparedRecovery { committed_txid: Some(TxId(7)), ..nothing_but_epoch(2) })
            .leaves(|state| {
                state.ipc_serial = 4;
                state.committed_txid = Some(TxId(7));
            });
    }

    #[test]
    fn a_failed_sync_ends_a_segment_where_it_was_last_synced() {
        let lagging = |state: &mut State| {
            state.open.as_mut().unwrap().last = Some(TxId(12));
            state.segment_failed("EIO", cut_back());
        };
        let state = Given::written_by(2).open(5, 9).with(lagging).state();
        decided(&state, prepare_recovery(&state, &with_paxos(None), &prepare(5)))
            .does([Effect::NoteIpcSerial(4)])
            .answers(PreparedRecovery { segment: Some(segment(5, 9)), ..nothing_but_epoch(2) })
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn out_of_service_vouches_for_no_segment() {
        let state = Given::written_by(2).open(5, 9).out_of_service().state();
        decided(&state, prepare_recovery(&state, &with_paxos(None), &prepare(5)))
            .fails("IOException", "out of service")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }
}
