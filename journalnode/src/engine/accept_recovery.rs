use super::decision::{Draft, Stop, decide};
use super::{AcceptRecovery, Decision, Effect, Facts, Fetch, Refusal, State, check, segments};
use crate::mutant;
use crate::types::{Epoch, PaxosRecord, SegmentState, TxId};

/// `Journal.acceptRecovery`. The Paxos record is the commit point: before it nothing has
/// changed, after it the segment is what was accepted, whatever crashes in between.
pub fn accept_recovery(state: &State, facts: &Facts, request: &AcceptRecovery) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        check::request(draft, &request.info)?;
        draft.abort_segment();
        let (segment, epoch) = (request.segment, request.info.epoch);
        if segment.end.0 <= 0 || segment.end < segment.start {
            return Err(Refusal::BadRecoveryState { segment }.into());
        }
        let before = in_order(facts, request)?;
        let own = segments::state_of(draft, facts, segment.start)?;
        let replace = own.is_none_or(|own| {
            own.end != segment.end || (own.in_progress && may_differ(draft, before, epoch))
        });
        if replace {
            if let Some(own) = own {
                may_replace(draft, own, segment)?;
            }
            facts.fetched(Fetch { segment, epoch, url: request.url.clone() })?;
        }
        if !mutant::is("forget-paxos-on-accept") {
            draft.push(Effect::WritePaxos(PaxosRecord { segment, accepted_in: epoch }));
        }
        if replace {
            draft.push(Effect::InstallDownload { first: segment.start, epoch });
            note_end(draft, own, segment);
        }
        Ok(())
    })
}

/// Whether a writer between the one that wrote our copy and the one that recovers may have
/// written the same transactions anew, elsewhere: then an equal end says nothing. Java takes
/// any copy of equal length for the same, and a stale one is finalized with other transactions
/// than were acknowledged.
fn may_differ(draft: &Draft<'_>, before: Option<PaxosRecord>, recovering: Epoch) -> bool {
    let accepted_in = before.map(|record| record.accepted_in).unwrap_or_default();
    let ours = draft.state.last_writer_epoch.max(accepted_in);
    ours.0.saturating_add(1) < recovering.0
}

fn in_order(facts: &Facts, request: &AcceptRecovery) -> Result<Option<PaxosRecord>, Stop> {
    match facts.paxos(request.segment.start)? {
        Some(old) if old.accepted_in > request.info.epoch => {
            let (old, new) = (old.accepted_in, request.info.epoch);
            Err(Refusal::OutOfOrderEpochs { old, new }.into())
        }
        before => Ok(before),
    }
}

fn may_replace(draft: &Draft<'_>, ours: SegmentState, theirs: SegmentState) -> Result<(), Refusal> {
    match draft.committed.filter(|_| !mutant::is("discard-committed-transactions")) {
        Some(committed) if holds(ours, committed) && !holds(theirs, committed) => {
            Err(Refusal::WouldDiscardCommitted { ours, theirs, committed })
        }
        _ if !ours.in_progress => Err(Refusal::OverFinalized),
        _ => Ok(()),
    }
}

/// Moves the end that readers see, now that the segment is in place.
fn note_end(draft: &mut Draft<'_>, own: Option<SegmentState>, segment: SegmentState) {
    let highest = draft.state.highest_written;
    match own {
        None => draft.push(Effect::NoteHighestWritten(highest.max(segment.end))),
        Some(own) if holds(own, highest) => draft.push(Effect::NoteHighestWritten(segment.end)),
        Some(_) => {}
    }
}

fn holds(segment: SegmentState, txid: TxId) -> bool {
    (segment.start..=segment.end).contains(&txid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file, info, not_found, segment, tail};
    use crate::engine::{Answer, Query};
    use crate::types::Epoch;

    fn accept(segment: SegmentState) -> AcceptRecovery {
        AcceptRecovery { info: info(3, 4), segment, url: "http://jn2:8480/getJournal".into() }
    }

    fn record(segment: SegmentState) -> Effect {
        Effect::WritePaxos(PaxosRecord { segment, accepted_in: Epoch(3) })
    }

    fn install() -> Effect {
        Effect::InstallDownload { first: TxId(5), epoch: Epoch(3) }
    }

    fn fetch(segment: SegmentState) -> Query {
        let url = "http://jn2:8480/getJournal".into();
        Query::Fetch(Fetch { segment, epoch: Epoch(3), url })
    }

    fn with_paxos(record: Option<PaxosRecord>) -> Facts {
        let mut facts = Facts::default();
        facts.learn(Query::Paxos(TxId(5)), Ok(Answer::Paxos(record)));
        facts
    }

    fn fetched(segment: SegmentState) -> Facts {
        let mut facts = with_paxos(None);
        facts.learn(fetch(segment), Ok(Answer::Fetched));
        facts
    }

    fn recovering() -> Given {
        Given::written_by(2).promised(3)
    }

    fn installed(highest: i64, state: &mut State) {
        state.ipc_serial = 4;
        state.relist([].into());
        state.relist([file(5, None)].into());
        state.highest_written = TxId(highest);
    }

    #[test]
    fn jn_088_an_equal_length_is_accepted_without_a_download() {
        let finalized = SegmentState { in_progress: false, ..segment(5, 9) };
        for (given, accepted) in [
            (recovering().known(file(5, None), tail(9)), segment(5, 9)),
            (recovering().known(file(5, None), tail(9)), finalized),
            (recovering().files([file(5, 9)]), segment(5, 9)),
        ] {
            let state = given.state();
            decided(&state, accept_recovery(&state, &with_paxos(None), &accept(accepted)))
                .does([Effect::NoteIpcSerial(4), record(accepted)])
                .answers(())
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn a_copy_of_equal_length_that_a_writer_in_between_may_have_overtaken_is_replaced() {
        let state = Given::written_by(1).promised(3).known(file(5, None), tail(9)).state();
        let asked = accept_recovery(&state, &with_paxos(None), &accept(segment(5, 9)));
        assert_eq!(asked, Decision::Ask(fetch(segment(5, 9))));
        let accepted = PaxosRecord { segment: segment(5, 9), accepted_in: Epoch(2) };
        let facts = with_paxos(Some(accepted));
        decided(&state, accept_recovery(&state, &facts, &accept(segment(5, 9))))
            .does([Effect::NoteIpcSerial(4), record(segment(5, 9))])
            .answers(())
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_088_what_was_not_synced_is_synced_by_the_abort_before_it_is_vouched_for() {
        let state = Given::written_by(3).open(5, 9).state();
        decided(&state, accept_recovery(&state, &with_paxos(None), &accept(segment(5, 9))))
            .does([Effect::NoteIpcSerial(4), Effect::AbortSegment, record(segment(5, 9))])
            .answers(())
            .leaves(|state| {
                state.ipc_serial = 4;
                state.open = None;
                state.remember_tail(file(5, None), tail(9));
            });
    }

    #[test]
    fn jn_089_a_missing_segment_is_fetched_then_recorded_then_installed() {
        for (highest, after) in [(4, 9), (20, 20)] {
            let state = recovering().highest(highest).state();
            let asked = accept_recovery(&state, &with_paxos(None), &accept(segment(5, 9)));
            assert_eq!(asked, Decision::Ask(fetch(segment(5, 9))));
            let facts = fetched(segment(5, 9));
            decided(&state, accept_recovery(&state, &facts, &accept(segment(5, 9))))
                .does([
                    Effect::NoteIpcSerial(4),
                    record(segment(5, 9)),
                    install(),
                    Effect::NoteHighestWritten(TxId(after)),
                ])
                .answers(())
                .leaves(|state| installed(after, state));
        }
    }

    #[test]
    fn jn_089_an_empty_file_is_moved_aside_and_counts_as_missing() {
        let state = recovering().highest(4).known(file(5, None), tail(None)).state();
        let facts = fetched(segment(5, 9));
        decided(&state, accept_recovery(&state, &facts, &accept(segment(5, 9))))
            .does([
                Effect::NoteIpcSerial(4),
                Effect::MoveAsideEmpty(file(5, None)),
                record(segment(5, 9)),
                install(),
                Effect::NoteHighestWritten(TxId(9)),
            ])
            .answers(())
            .leaves(|state| installed(9, state));
    }

    #[test]
    fn jn_089_another_length_is_replaced_and_the_cache_forgets_it() {
        for (ours, theirs) in [(7, 9), (12, 9)] {
            let given = recovering().known(file(5, None), tail(ours)).highest(ours).committed(6);
            let state = given.cached(1, ours).state();
            let facts = fetched(segment(5, theirs));
            decided(&state, accept_recovery(&state, &facts, &accept(segment(5, theirs))))
                .does([
                    Effect::NoteIpcSerial(4),
                    record(segment(5, theirs)),
                    install(),
                    Effect::NoteHighestWritten(TxId(theirs)),
                ])
                .answers(())
                .leaves(|state| {
                    installed(theirs, state);
                    state.cache.as_mut().unwrap().forget_from(TxId(5));
                });
        }
    }

    #[test]
    fn an_older_segment_leaves_the_end_that_readers_see() {
        let given = recovering().known(file(5, None), tail(7)).files([file(10, 20)]).highest(20);
        let state = given.state();
        let facts = fetched(segment(5, 9));
        decided(&state, accept_recovery(&state, &facts, &accept(segment(5, 9))))
            .does([Effect::NoteIpcSerial(4), record(segment(5, 9)), install()])
            .answers(())
            .leaves(|state| {
                state.ipc_serial = 4;
                state.relist([file(10, 20)].into());
                state.relist([file(5, None), file(10, 20)].into());
            });
    }

    #[test]
    fn jn_090_a_fetch_that_fails_leaves_the_record_alone() {
        let state = recovering().state();
        let mut facts = with_paxos(None);
        facts.learn(fetch(segment(5, 9)), Err(not_found()));
        decided(&state, accept_recovery(&state, &facts, &accept(segment(5, 9))))
            .fails("FileNotFoundException", "gone")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_092_a_segment_without_a_transaction_cannot_be_accepted() {
        let state = recovering().state();
        for bad in [segment(5, 0), segment(5, 4), segment(-9, -3), segment(0, 0)] {
            decided(&state, accept_recovery(&state, &with_paxos(None), &accept(bad)))
                .fails("IllegalArgumentException", "bad recovery state for segment")
                .does([Effect::NoteIpcSerial(4)])
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn jn_093_committed_transactions_and_finalized_segments_are_never_replaced() {
        let in_progress = || recovering().known(file(5, None), tail(9));
        let finalized = || recovering().files([file(5, 9)]);
        let cases = [
            (in_progress().committed(8), 7, "would discard already-committed txn 8"),
            (finalized().committed(8), 7, "would discard already-committed txn 8"),
            (finalized().committed(8), 8, "on top of an already-finalized segment"),
            (finalized(), 12, "on top of an already-finalized segment"),
        ];
        for (given, end, text) in cases {
            let state = given.state();
            let facts = with_paxos(None);
            decided(&state, accept_recovery(&state, &facts, &accept(segment(5, end))))
                .fails("AssertionError", text)
                .does([Effect::NoteIpcSerial(4)])
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn jn_094_an_older_epoch_than_accepted_is_refused() {
        let state = recovering().state();
        let old = PaxosRecord { segment: segment(5, 9), accepted_in: Epoch(4) };
        decided(&state, accept_recovery(&state, &with_paxos(Some(old)), &accept(segment(5, 9))))
            .fails("AssertionError", "Bad paxos transition, out-of-order epochs")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
        let state = recovering().promised(4).state();
        decided(&state, accept_recovery(&state, &with_paxos(None), &accept(segment(5, 9))))
            .fails("IOException", "is less than the last promised epoch 4")
            .changes_nothing();
    }

    #[test]
    fn jn_094_the_same_or_an_older_acceptance_is_superseded() {
        let state = recovering().known(file(5, None), tail(9)).state();
        for accepted_in in [Epoch(1), Epoch(3)] {
            let old = PaxosRecord { segment: segment(5, 7), accepted_in };
            decided(
                &state,
                accept_recovery(&state, &with_paxos(Some(old)), &accept(segment(5, 9))),
            )
            .does([Effect::NoteIpcSerial(4), record(segment(5, 9))])
            .answers(())
            .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn out_of_service_does_not_even_fetch() {
        let state = recovering().out_of_service().state();
        decided(&state, accept_recovery(&state, &Facts::default(), &accept(segment(5, 9))))
            .fails("IOException", "out of service")
            .does([Effect::NoteIpcSerial(4)])
            .leaves(|state| state.ipc_serial = 4);
    }
}
