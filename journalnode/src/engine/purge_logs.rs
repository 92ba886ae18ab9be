use super::decision::decide;
use super::{Decision, Effect, PurgeLogs, State, check};

/// `Journal.purgeLogsOlderThan`. Java deletes even the file that is being written, with
/// what it has acknowledged; here the open segment stays.
pub fn purge_logs(state: &State, request: &PurgeLogs) -> Decision<()> {
    decide(state, |draft| {
        check::formatted(draft)?;
        check::request(draft, &request.info)?;
        let State { open, last_opened, .. } = draft.state;
        let kept = open.map_or(request.min_to_keep, |open| open.first.min(request.min_to_keep));
        draft.push(Effect::Purge { min_to_keep: kept, last_opened: *last_opened });
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file, info};
    use crate::types::TxId;

    fn purge(min_to_keep: i64) -> PurgeLogs {
        PurgeLogs { info: info(2, 4), min_to_keep: TxId(min_to_keep) }
    }

    fn purged(min_to_keep: i64, last_opened: Option<i64>) -> Effect {
        let last_opened = last_opened.map(TxId);
        Effect::Purge { min_to_keep: TxId(min_to_keep), last_opened }
    }

    #[test]
    fn jn_083_a_writer_says_what_must_stay() {
        let state = Given::written_by(2).files([file(1, 4), file(5, 9)]).state();
        decided(&state, purge_logs(&state, &purge(6)))
            .does([Effect::NoteIpcSerial(4), purged(6, None)])
            .answers(())
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn jn_084_the_segment_opened_last_is_not_stale_even_if_aborted() {
        let state = Given::written_by(2).open(5, 9).with(|state| state.open = None).state();
        decided(&state, purge_logs(&state, &purge(3)))
            .does([Effect::NoteIpcSerial(4), purged(3, Some(5))])
            .answers(())
            .leaves(|state| state.ipc_serial = 4);
    }

    #[test]
    fn the_segment_being_written_is_never_purged() {
        let state = Given::written_by(2).open(5, 9).state();
        for (min_to_keep, kept) in [(4, 4), (5, 5), (6, 5), (1000, 5)] {
            decided(&state, purge_logs(&state, &purge(min_to_keep)))
                .does([Effect::NoteIpcSerial(4), purged(kept, Some(5))])
                .answers(())
                .leaves(|state| state.ipc_serial = 4);
        }
    }

    #[test]
    fn jn_046_a_fenced_writer_purges_nothing() {
        let state = Given::written_by(2).promised(3).files([file(1, 4)]).state();
        decided(&state, purge_logs(&state, &purge(6)))
            .fails("IOException", "epoch 2 is less than the last promised epoch 3")
            .changes_nothing();
    }
}
