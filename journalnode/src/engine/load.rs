use super::decision::decide;
use super::{Decision, Effect, Facts, State, segments};

/// What to do with a journal whose directory was just read: find out where its log ends
/// (the constructor of Java's `Journal`).
pub fn load(state: &State, facts: &Facts) -> Decision<()> {
    decide(state, |draft| {
        if let Some((_, last)) = segments::latest(draft, facts)? {
            draft.push(Effect::NoteHighestWritten(last));
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::load;
    use crate::engine::fixture::{Given, decided, facts, file, not_found, tail};
    use crate::engine::{Effect, Facts, Query, ScanTarget};
    use crate::types::TxId;

    #[test]
    fn the_log_ends_where_the_newest_segment_with_a_transaction_does() {
        let state = Given::written_by(1).files([file(1, 4), file(5, None), file(9, None)]).state();
        let scans = facts([(file(9, None), tail(None)), (file(5, None), tail(8))]);
        decided(&state, load(&state, &scans))
            .does([Effect::MoveAsideEmpty(file(9, None)), Effect::NoteHighestWritten(TxId(8))])
            .answers(())
            .leaves(|state| {
                state.segments.remove(&file(9, None));
                state.highest_written = TxId(8);
            });
    }

    #[test]
    fn an_empty_journal_ends_at_0() {
        for state in [Given::unformatted().state(), Given::formatted().state()] {
            decided(&state, load(&state, &Facts::default())).answers(()).changes_nothing();
        }
    }

    #[test]
    fn jn_044_a_scan_that_fails_fails_the_load() {
        let state = Given::formatted().files([file(1, None)]).state();
        let mut facts = Facts::default();
        facts.learn(Query::Scan(ScanTarget::Segment(file(1, None))), Err(not_found()));
        decided(&state, load(&state, &facts))
            .fails("FileNotFoundException", "gone")
            .changes_nothing();
    }
}
