use super::decision::{Draft, Stop, decide};
use super::{CanRollBack, Decision, Effect, Facts, Query, Refusal, State, check};
use crate::types::StorageInfo;

/// `Journal.doPreUpgrade`.
pub fn pre_upgrade(state: &State) -> Decision<()> {
    decide(state, |draft| {
        draft.abort_segment();
        draft.push(Effect::PreUpgrade);
        Ok(())
    })
}

/// `Journal.doUpgrade`: layout version and cTime change, the identity stays.
pub fn upgrade(state: &State, to: &StorageInfo) -> Decision<()> {
    decide(state, |draft| {
        let ours = check::formatted(draft)?.clone();
        let (layout_version, c_time) = (to.layout_version, to.c_time);
        draft.push(Effect::Upgrade(StorageInfo { layout_version, c_time, ..ours }));
        keep_promises(draft);
        Ok(())
    })
}

/// `Journal.doFinalize`.
pub fn finalize_upgrade(state: &State) -> Decision<()> {
    decide(state, |draft| {
        draft.push(Effect::FinalizeUpgrade);
        Ok(())
    })
}

/// `Journal.canRollBack`.
pub fn can_roll_back(state: &State, facts: &Facts, request: &CanRollBack) -> Decision<bool> {
    decide(state, |draft| {
        let Some(previous) = facts.version(Query::PreviousVersion)? else {
            let current = facts.version(Query::CurrentVersion)?;
            let directory = draft.state.directory.clone();
            let current = current.ok_or(Refusal::NoVersionFile { directory })?;
            compatible(draft, &current, &request.storage)?;
            return Ok(false);
        };
        compatible(draft, &previous, &request.previous)?;
        if previous.layout_version != request.target {
            let (previous, target) = (previous.layout_version.0, request.target.0);
            return Err(Refusal::RollbackVersion { previous, target }.into());
        }
        Ok(true)
    })
}

/// `Journal.doRollback`. Succeeds without doing anything if there is nothing to go back to.
pub fn rollback(state: &State, facts: &Facts) -> Decision<()> {
    decide(state, |draft| {
        if facts.version(Query::PreviousVersion)?.is_none() {
            return Ok(());
        }
        draft.abort_segment();
        draft.push(Effect::Rollback);
        keep_promises(draft);
        Ok(())
    })
}

/// The epochs in `previous` may be older than what was promised since. Java puts them back
/// and trusts its memory until the next restart; here the promise outlives that too.
fn keep_promises(draft: &mut Draft<'_>) {
    let State { last_promised_epoch, last_writer_epoch, .. } = draft.state;
    draft.push(Effect::PromiseEpoch(*last_promised_epoch));
    draft.push(Effect::SetWriterEpoch(*last_writer_epoch));
}

/// `StorageInfo.setNamespaceID` and `setClusterId`: 0 and the empty name fit everything.
fn compatible(draft: &Draft<'_>, ours: &StorageInfo, theirs: &StorageInfo) -> Result<(), Stop> {
    let inconsistent = |what: &str| {
        let reason = format!("{what} is incompatible with others.");
        Err(Refusal::Inconsistent { directory: draft.state.directory.clone(), reason }.into())
    };
    let (a, b) = (ours.namespace_id, theirs.namespace_id);
    if a != b && a != 0 && b != 0 {
        return inconsistent("namespaceID");
    }
    let (a, b) = (&ours.cluster_id, &theirs.cluster_id);
    if a != b && !a.is_empty() && !b.is_empty() {
        return inconsistent("cluster Id");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Answer;
    use crate::engine::fixture::{Given, decided, file, storage, tail};
    use crate::types::{Epoch, LayoutVersion, TxId};

    fn versions(previous: Option<StorageInfo>, current: Option<StorageInfo>) -> Facts {
        let mut facts = Facts::default();
        facts.learn(Query::PreviousVersion, Ok(Answer::Version(previous)));
        facts.learn(Query::CurrentVersion, Ok(Answer::Version(current)));
        facts
    }

    fn asking() -> CanRollBack {
        let (storage, previous) = (storage(-67, 9), storage(-66, 0));
        CanRollBack { storage, previous, target: LayoutVersion(-66) }
    }

    fn kept(promised: i64, writer: i64) -> [Effect; 2] {
        [Effect::PromiseEpoch(Epoch(promised)), Effect::SetWriterEpoch(Epoch(writer))]
    }

    #[test]
    fn jn_106_an_upgrade_is_prepared_without_an_open_segment() {
        let state = Given::written_by(2).open(5, 9).state();
        decided(&state, pre_upgrade(&state))
            .does([Effect::AbortSegment, Effect::PreUpgrade])
            .answers(())
            .leaves(|state| {
                state.open = None;
                state.remember_tail(file(5, None), tail(9));
            });
    }

    #[test]
    fn jn_106_an_upgrade_keeps_the_identity_and_the_promises() {
        let state = Given::written_by(2).promised(3).serial(7).state();
        let to = StorageInfo { namespace_id: 0, cluster_id: String::new(), ..storage(-68, 77) };
        let [promise, writer] = kept(3, 2);
        decided(&state, upgrade(&state, &to))
            .does([Effect::Upgrade(storage(-68, 77)), promise, writer])
            .answers(())
            .leaves(|_| {});
    }

    #[test]
    fn jn_045_an_unformatted_journal_is_not_upgraded() {
        let state = Given::unformatted().state();
        decided(&state, upgrade(&state, &storage(-67, 1)))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }

    #[test]
    fn jn_107_finalizing_is_left_to_the_disk_even_unformatted() {
        for given in [Given::unformatted(), Given::written_by(2).open(5, 9)] {
            let state = given.state();
            decided(&state, finalize_upgrade(&state))
                .does([Effect::FinalizeUpgrade])
                .answers(())
                .leaves(|_| {});
        }
    }

    #[test]
    fn jn_107_a_rollback_without_previous_does_nothing() {
        let state = Given::written_by(2).open(5, 9).state();
        let facts = versions(None, Some(storage(-67, 0)));
        decided(&state, rollback(&state, &facts)).answers(()).changes_nothing();
    }

    #[test]
    fn jn_106_a_rollback_keeps_the_promises_given_meanwhile() {
        let state = Given::written_by(2).promised(3).serial(7).open(5, 9).state();
        let facts = versions(Some(storage(-66, 0)), Some(storage(-67, 9)));
        let [promise, writer] = kept(3, 2);
        decided(&state, rollback(&state, &facts))
            .does([Effect::AbortSegment, Effect::Rollback, promise, writer])
            .answers(())
            .leaves(|state| {
                state.open = None;
                state.remember_tail(file(5, None), tail(9));
            });
    }

    #[test]
    fn jn_108_previous_decides_if_it_exists() {
        let state = Given::formatted().state();
        let current = || Some(storage(-67, 9));
        assert_eq!(
            can_roll_back(&state, &Facts::default(), &asking()),
            Decision::Ask(Query::PreviousVersion)
        );
        let facts = versions(Some(storage(-66, 0)), current());
        decided(&state, can_roll_back(&state, &facts, &asking())).answers(true).changes_nothing();
        let facts = versions(None, current());
        decided(&state, can_roll_back(&state, &facts, &asking())).answers(false).changes_nothing();
    }

    #[test]
    fn jn_108_what_does_not_fit_is_refused() {
        let other_cluster = StorageInfo { cluster_id: "CID-y".into(), ..storage(-66, 0) };
        let other_namespace = StorageInfo { namespace_id: 1, ..storage(-66, 0) };
        let inconsistent = "InconsistentFSStateException";
        let cases = [
            (Some(other_cluster.clone()), None, inconsistent, "cluster Id is incompatible"),
            (Some(other_namespace.clone()), None, inconsistent, "namespaceID is incompatible"),
            (Some(storage(-65, 0)), None, "IOException", "Cannot rollback to storage version -65"),
            (None, Some(other_cluster), inconsistent, "cluster Id is incompatible with others."),
            (None, Some(other_namespace), inconsistent, "namespaceID is incompatible"),
            (None, None, "FileNotFoundException", "/jn/ns1/current/VERSION"),
        ];
        let state = Given::formatted().state();
        for (previous, current, class, text) in cases {
            let facts = versions(previous, current);
            decided(&state, can_roll_back(&state, &facts, &asking()))
                .fails(class, text)
                .changes_nothing();
        }
    }

    #[test]
    fn jn_108_zero_and_the_empty_name_fit_everything() {
        let state = Given::formatted().state();
        let blank = StorageInfo { namespace_id: 0, cluster_id: String::new(), ..storage(-66, 0) };
        let facts = versions(Some(blank), None);
        decided(&state, can_roll_back(&state, &facts, &asking())).answers(true).changes_nothing();
    }

    #[test]
    fn the_new_promises_are_the_old_ones_after_the_exchange() {
        let older = crate::engine::Contents {
            info: Some(storage(-66, 0)),
            last_promised_epoch: Epoch(1),
            last_writer_epoch: Epoch(1),
            committed_txid: Some(TxId(4)),
            segments: [file(1, 4)].into(),
        };
        let given = Given::written_by(2).promised(3).files([file(1, 4), file(5, 9)]);
        let mut state = given.committed(9).highest(9).cached(1, 9).serial(7).state();
        let mut expected = state.clone();
        state.commit(&Effect::Rollback, crate::engine::Outcome::Reloaded(older));
        kept(3, 2).iter().for_each(|effect| state.commit(effect, crate::engine::Outcome::Done));
        expected.info = Some(storage(-66, 0));
        expected.committed_txid = Some(TxId(4));
        expected.segments = [file(1, 4)].into();
        expected.highest_written = TxId(4);
        expected.cache = expected.cache.as_ref().map(crate::engine::cache::EditsCache::emptied);
        assert_eq!(state, expected);
    }
}
