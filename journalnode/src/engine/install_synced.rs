use super::decision::{Draft, Stop, decide};
use super::{Decision, Effect, Refusal, State, check};
use crate::types::{SegmentFile, TxId};

/// `Journal.moveTmpSegmentToCurrent`: takes a finished segment of a peer that is missing here,
/// if all of it is known to be committed. A file in progress with the same start stays until
/// it is purged, as in Java; but not even Java's writer could finish a segment under which
/// the finished one appears, so what is being written here is left alone.
pub fn install_synced(state: &State, first: TxId, last: TxId) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        let committed = TxId::to_java(draft.committed);
        if last.0 > committed {
            return Err(Refusal::SyncedNotCommitted { first, last, committed }.into());
        }
        missing_here(draft, first, last)?;
        draft.push(Effect::InstallSynced { first, last });
        Ok(())
    })
}

fn missing_here(draft: &Draft<'_>, first: TxId, last: TxId) -> Result<(), Stop> {
    let open = draft.state.open.filter(|open| open.first <= last);
    let open = open.map(|open| SegmentFile::in_progress(open.first));
    match draft.state.segments.overlapping(first, last).or(open) {
        Some(ours) => Err(Refusal::SyncedIsHere { first, last, ours }.into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file};

    fn install(state: &State, first: i64, last: i64) -> Decision<()> {
        install_synced(state, TxId(first), TxId(last))
    }

    #[test]
    fn jn_139_what_is_committed_is_installed_and_nothing_else_changes() {
        let given = || Given::written_by(2).files([file(1, 4)]).committed(9).highest(4);
        let state = given().state();
        decided(&state, install(&state, 5, 9))
            .does([Effect::InstallSynced { first: TxId(5), last: TxId(9) }])
            .answers(())
            .leaves(|state| {
                state.segments.insert(file(5, 9));
            });
    }

    #[test]
    fn jn_139_what_is_not_known_to_be_committed_is_not() {
        for given in [Given::written_by(2).committed(8), Given::written_by(2)] {
            let state = given.state();
            decided(&state, install(&state, 5, 9))
                .fails("IllegalStateException", "is not installed: only txid")
                .changes_nothing();
        }
    }

    #[test]
    fn jn_138_what_is_here_or_being_written_is_left_alone() {
        for given in [
            Given::written_by(2).files([file(5, 9)]),
            Given::written_by(2).files([file(1, 5)]),
            Given::written_by(2).open(5, 7),
            Given::written_by(2).open(9, None),
        ] {
            let state = given.committed(20).state();
            decided(&state, install(&state, 5, 9))
                .fails("IllegalStateException", "is here")
                .changes_nothing();
        }
    }

    #[test]
    fn a_left_over_twin_in_progress_is_no_obstacle_and_stays() {
        let state = Given::written_by(2).files([file(5, None)]).open(10, 12).committed(11).state();
        decided(&state, install(&state, 5, 9)).answers(()).leaves(|state| {
            state.segments.insert(file(5, 9));
        });
    }

    #[test]
    fn jn_140_an_unformatted_journal_takes_nothing() {
        let state = Given::unformatted().state();
        decided(&state, install(&state, 1, 2))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }
}
