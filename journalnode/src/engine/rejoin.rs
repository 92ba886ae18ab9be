use super::decision::decide;
use super::{Decision, Effect, Refusal, Rejoin, State};
use crate::types::TxId;

/// Makes a node that lost its directory a member again, with what its peers have. Until the
/// effect is done it is not formatted: it promises nothing and helps no writer. One effect,
/// because a node that knows the namespace and not yet the promise would help an old one.
pub fn rejoin(state: &State, request: &Rejoin) -> Decision<()> {
    decide(state, |draft| {
        if draft.state.info.is_some() {
            let directory = draft.state.directory.clone();
            return Err(Refusal::AlreadyFormatted { directory }.into());
        }
        if request.namespace.namespace_id == 0 {
            return Err(Refusal::UninitializedNamespace.into());
        }
        draft.push(Effect::Rejoin(request.clone()));
        let end = request.segments.last().and_then(|file| file.last);
        draft.push(Effect::NoteHighestWritten(end.unwrap_or(TxId(0))));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file, info, namespace};
    use crate::engine::{Contents, Outcome, RequestInfo, heartbeat};
    use crate::types::{Epoch, StorageInfo};

    fn request() -> Rejoin {
        Rejoin {
            namespace: namespace(),
            promised: Epoch(7),
            committed_txid: Some(TxId(9)),
            segments: vec![file(1, 4), file(5, 9)],
        }
    }

    fn rejoined() -> State {
        let mut state = Given::unformatted().state();
        let contents = Contents {
            info: Some(namespace()),
            last_promised_epoch: Epoch(7),
            committed_txid: Some(TxId(9)),
            segments: [file(1, 4), file(5, 9)].into(),
            ..Contents::default()
        };
        state.commit(&Effect::Rejoin(request()), Outcome::Reloaded(contents));
        state.commit(&Effect::NoteHighestWritten(TxId(9)), Outcome::Done);
        state
    }

    #[test]
    fn promise_segments_and_namespace_come_in_one_step() {
        let state = Given::unformatted().state();
        decided(&state, rejoin(&state, &request()))
            .does([Effect::Rejoin(request()), Effect::NoteHighestWritten(TxId(9))])
            .answers(());
    }

    #[test]
    fn a_formatted_journal_is_never_replaced() {
        let state = Given::formatted().promised(1).state();
        decided(&state, rejoin(&state, &request()))
            .fails("IllegalStateException", "need not rejoin")
            .changes_nothing();
    }

    #[test]
    fn a_peer_without_a_namespace_is_no_guide() {
        let state = Given::unformatted().state();
        let namespace = StorageInfo { namespace_id: 0, ..namespace() };
        decided(&state, rejoin(&state, &Rejoin { namespace, ..request() }))
            .fails("IllegalStateException", "uninitialized namespace")
            .changes_nothing();
    }

    #[test]
    fn a_wiped_node_does_not_help_an_old_writer_before_or_after_it_rejoined() {
        let old: RequestInfo = info(6, 100);
        let blank = Given::unformatted().state();
        decided(&blank, heartbeat(&blank, &old))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
        let state = rejoined();
        decided(&state, heartbeat(&state, &old))
            .fails("IOException", "epoch 6 is less than the last promised epoch 7")
            .changes_nothing();
        assert_eq!(state.highest_written, TxId(9));
    }
}
