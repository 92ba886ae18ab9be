use super::decision::{Draft, Stop, decide};
use super::{Decision, Effect, Facts, NewEpoch, Refusal, State, check, segments};
use crate::mutant;
use crate::types::{StorageInfo, TxId};

/// `Journal.newEpoch`. Answers with the first transaction of the newest segment that holds
/// one; the promise is durable even if finding that fails.
pub fn new_epoch(state: &State, facts: &Facts, request: &NewEpoch) -> Decision<Option<TxId>> {
    decide(state, |draft| {
        let ours = check::formatted(draft)?;
        same_namespace(draft, ours, &request.namespace)?;
        let (epoch, promised) = (request.epoch, draft.promised);
        if epoch <= promised && !(epoch == promised && mutant::is("accept-an-equal-epoch")) {
            return Err(Refusal::ProposedEpoch { epoch, promised }.into());
        }
        draft.push(Effect::PromiseEpoch(epoch));
        draft.abort_segment();
        Ok(segments::latest(draft, facts)?.map(|(file, _)| file.first))
    })
}

/// `JNStorage.checkConsistentNamespace`: layout version and cTime may differ.
fn same_namespace(draft: &Draft<'_>, ours: &StorageInfo, theirs: &StorageInfo) -> Result<(), Stop> {
    let directory = draft.state.directory.clone();
    if theirs.namespace_id != ours.namespace_id {
        let (theirs, ours) = (theirs.namespace_id, ours.namespace_id);
        return Err(Refusal::NamespaceId { directory, theirs, ours }.into());
    }
    if theirs.cluster_id != ours.cluster_id {
        let (theirs, ours) = (theirs.cluster_id.clone(), ours.cluster_id.clone());
        return Err(Refusal::ClusterId { directory, theirs, ours }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, facts, file, namespace, not_found, tail};
    use crate::engine::{Query, ScanTarget};
    use crate::types::{Epoch, LayoutVersion};

    fn proposed(epoch: i64) -> NewEpoch {
        NewEpoch { namespace: namespace(), epoch: Epoch(epoch) }
    }

    fn promised(epoch: i64) -> impl FnOnce(&mut State) {
        move |state| {
            state.last_promised_epoch = Epoch(epoch);
            state.ipc_serial = State::NO_SERIAL;
        }
    }

    #[test]
    fn jn_045_an_unformatted_journal_promises_nothing() {
        let state = Given::unformatted().state();
        decided(&state, new_epoch(&state, &Facts::default(), &proposed(1)))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }

    #[test]
    fn jn_057_another_namespace_or_cluster_is_refused_before_the_epoch() {
        let state = Given::formatted().promised(5).state();
        let namespace = StorageInfo { namespace_id: 9, ..namespace() };
        let request = NewEpoch { namespace, epoch: Epoch(5) };
        decided(&state, new_epoch(&state, &Facts::default(), &request))
            .fails(
                "IOException",
                "Incompatible namespaceID for journal /jn/ns1: NameNode has nsId 9 but storage has nsId 12345",
            )
            .changes_nothing();
        let namespace = StorageInfo { cluster_id: "CID-y".into(), ..super::tests::namespace() };
        let request = NewEpoch { namespace, epoch: Epoch(5) };
        decided(&state, new_epoch(&state, &Facts::default(), &request))
            .fails(
                "IOException",
                "Incompatible clusterID for journal /jn/ns1: NameNode has clusterId 'CID-y' but storage has clusterId 'CID-x'",
            )
            .changes_nothing();
    }

    #[test]
    fn jn_057_layout_version_and_c_time_may_differ() {
        let state = Given::formatted().state();
        let namespace =
            StorageInfo { layout_version: LayoutVersion(-66), c_time: 77, ..namespace() };
        decided(
            &state,
            new_epoch(&state, &Facts::default(), &NewEpoch { namespace, epoch: Epoch(1) }),
        )
        .answers(None)
        .does([Effect::PromiseEpoch(Epoch(1))])
        .leaves(promised(1));
    }

    #[test]
    fn jn_058_only_a_higher_epoch_is_promised() {
        let state = Given::formatted().promised(3).serial(8).state();
        for epoch in [3, 2, 0] {
            let text = format!("Proposed epoch {epoch} <= last promise 3");
            decided(&state, new_epoch(&state, &Facts::default(), &proposed(epoch)))
                .fails("IOException", &text)
                .changes_nothing();
        }
    }

    #[test]
    fn jn_060_the_open_segment_is_aborted_behind_the_promise() {
        let state = Given::written_by(1).serial(8).open(5, 9).state();
        decided(&state, new_epoch(&state, &Facts::default(), &proposed(2)))
            .does([Effect::PromiseEpoch(Epoch(2)), Effect::AbortSegment])
            .answers(Some(TxId(5)))
            .leaves(|state| {
                promised(2)(state);
                state.open = None;
                state.remember_tail(file(5, None), tail(9));
            });
    }

    #[test]
    fn jn_061_the_newest_segment_with_a_transaction_counts() {
        let files = [file(1, 4), file(5, 9), file(10, None), file(12, None)];
        let state = Given::formatted().files(files).state();
        let unscanned = Query::Scan(ScanTarget::Segment(file(12, None)));
        let nothing = Facts::default();
        assert_eq!(new_epoch(&state, &nothing, &proposed(1)), Decision::Ask(unscanned));
        let scans = facts([
            (file(12, None), tail(None)),
            (file(10, None), tail(None)),
            (file(5, 9), tail(9)),
        ]);
        decided(&state, new_epoch(&state, &scans, &proposed(1)))
            .does([
                Effect::PromiseEpoch(Epoch(1)),
                Effect::MoveAsideEmpty(file(12, None)),
                Effect::MoveAsideEmpty(file(10, None)),
            ])
            .answers(Some(TxId(5)))
            .leaves(|state| {
                promised(1)(state);
                state.segments = [file(1, 4), file(5, 9)].into();
            });
    }

    #[test]
    fn jn_061_an_open_segment_without_a_transaction_is_moved_aside() {
        let state = Given::written_by(1).open(1, None).state();
        decided(&state, new_epoch(&state, &Facts::default(), &proposed(2)))
            .does([
                Effect::PromiseEpoch(Epoch(2)),
                Effect::AbortSegment,
                Effect::MoveAsideEmpty(file(1, None)),
            ])
            .answers(None)
            .leaves(|state| {
                promised(2)(state);
                state.open = None;
                state.segments = [].into();
            });
    }

    #[test]
    fn jn_059_the_promise_is_kept_even_if_the_scan_fails() {
        let state = Given::formatted().files([file(1, None)]).state();
        let mut facts = Facts::default();
        facts.learn(Query::Scan(ScanTarget::Segment(file(1, None))), Err(not_found()));
        decided(&state, new_epoch(&state, &facts, &proposed(1)))
            .fails("FileNotFoundException", "gone")
            .does([Effect::PromiseEpoch(Epoch(1))])
            .leaves(promised(1));
    }

    #[test]
    fn out_of_service_promises_nothing() {
        let state = Given::formatted().out_of_service().state();
        decided(&state, new_epoch(&state, &Facts::default(), &proposed(1)))
            .fails("IOException", "out of service")
            .changes_nothing();
    }
}
