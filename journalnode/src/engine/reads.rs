use super::decision::decide;
use super::{Decision, Facts, Query, Refusal, State, check};
use crate::types::Epoch;

/// `Journal.getJournalState`.
pub fn journal_state(state: &State) -> Decision<Epoch> {
    decide(state, |draft| check::formatted(draft).map(|_| draft.promised))
}

/// `Journal.getJournalCTime`, from the disk as it is now.
pub fn journal_c_time(state: &State, facts: &Facts) -> Decision<i64> {
    decide(state, |draft| {
        let info = facts.version(Query::CurrentVersion)?;
        let directory = draft.state.directory.clone();
        Ok(info.ok_or(Refusal::NoVersionFile { directory })?.c_time)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, storage};
    use crate::engine::{Answer, Query};

    fn current(info: Option<crate::types::StorageInfo>) -> Facts {
        let mut facts = Facts::default();
        facts.learn(Query::CurrentVersion, Ok(Answer::Version(info)));
        facts
    }

    #[test]
    fn jn_052_the_state_of_a_journal_is_its_promise() {
        let state = Given::formatted().promised(7).state();
        decided(&state, journal_state(&state)).answers(Epoch(7)).changes_nothing();
        let state = Given::unformatted().state();
        decided(&state, journal_state(&state))
            .fails("JournalNotFormattedException", "not formatted")
            .changes_nothing();
    }

    #[test]
    fn jn_109_the_c_time_is_the_one_on_disk() {
        let state = Given::formatted().state();
        let asked = journal_c_time(&state, &Facts::default());
        assert_eq!(asked, Decision::Ask(Query::CurrentVersion));
        let facts = current(Some(storage(-67, 77)));
        decided(&state, journal_c_time(&state, &facts)).answers(77).changes_nothing();
        for given in [Given::formatted(), Given::unformatted()] {
            let state = given.state();
            decided(&state, journal_c_time(&state, &current(None)))
                .fails("FileNotFoundException", "/jn/ns1/current/VERSION (No such file")
                .changes_nothing();
        }
    }
}
