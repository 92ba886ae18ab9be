use super::decision::decide;
use super::{Decision, Effect, Refusal, State};
use crate::types::TxId;

/// `Journal.discardSegments`, for the rollback of a rolling upgrade: no epoch is checked, and
/// the committed transaction may move back.
pub fn discard_segments(state: &State, from: TxId) -> Decision<()> {
    decide(state, |draft| {
        let cut = |last: TxId| last >= from;
        let reaching = draft.state.segments.not_before(from);
        let mut earlier = reaching.take_while(|file| file.first < from);
        if earlier.any(|file| file.last.is_some_and(cut)) {
            return Err(Refusal::DiscardInsideSegment.into());
        }
        draft.abort_segment();
        draft.push(Effect::Discard { from });
        draft.push(Effect::SetCommittedTxId(from.previous()));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file, tail};

    fn discarded(from: i64) -> [Effect; 2] {
        let from = TxId(from);
        [Effect::Discard { from }, Effect::SetCommittedTxId(from.previous())]
    }

    #[test]
    fn jn_105_a_boundary_is_checked_before_anything_is_renamed() {
        let state = Given::written_by(2).files([file(1, 4), file(5, 9)]).open(10, 12).state();
        for from in [2, 4, 6, 9] {
            decided(&state, discard_segments(&state, TxId(from)))
                .fails("IllegalStateException", "java.lang.IllegalStateException")
                .changes_nothing();
        }
    }

    #[test]
    fn jn_105_the_committed_txid_may_move_back_and_readers_lose_sight() {
        let files = [file(1, 4), file(5, 9)];
        let state = Given::written_by(2).files(files).committed(9).highest(9).cached(1, 9).state();
        decided(&state, discard_segments(&state, TxId(5))).does(discarded(5)).answers(()).leaves(
            |state| {
                state.committed_txid = Some(TxId(4));
                state.highest_written = TxId(4);
                state.cache.as_mut().unwrap().forget_from(TxId(5));
            },
        );
    }

    #[test]
    fn jn_105_nothing_to_discard_sets_the_committed_txid_all_the_same() {
        let state = Given::written_by(2).files([file(1, 4)]).highest(4).cached(1, 4).state();
        decided(&state, discard_segments(&state, TxId(5)))
            .does(discarded(5))
            .answers(())
            .leaves(|state| state.committed_txid = Some(TxId(4)));
    }

    #[test]
    fn an_open_segment_is_closed_before_its_file_is_renamed() {
        let state = Given::written_by(2).open(5, 9).state();
        let [discard, commit] = discarded(5);
        decided(&state, discard_segments(&state, TxId(5)))
            .does([Effect::AbortSegment, discard, commit])
            .answers(())
            .leaves(|state| {
                state.open = None;
                state.remember_tail(file(5, None), tail(9));
                state.committed_txid = Some(TxId(4));
                state.highest_written = TxId(4);
            });
    }

    #[test]
    fn jn_105_needs_no_format_and_hostile_txids_do_not_overflow() {
        let state = Given::unformatted().state();
        decided(&state, discard_segments(&state, TxId(i64::MIN)))
            .does(discarded(i64::MIN))
            .answers(())
            .leaves(|state| {
                state.committed_txid = Some(TxId(i64::MIN));
                state.highest_written = TxId(i64::MIN);
            });
    }
}
