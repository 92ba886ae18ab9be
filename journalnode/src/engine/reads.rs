use super::cache::{CacheMiss, CachedEdits};
use super::decision::{Stop, decide};
use super::{Decision, Facts, Fault, Query, Refusal, State, check};
use crate::types::{Epoch, TxId};

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

/// `Journal.getJournaledEdits`. Only durable edits are in the cache.
pub fn journaled_edits(state: &State, since: TxId, max: u32) -> Decision<CachedEdits> {
    decide(state, |_| {
        let cache = state.cache.as_ref().ok_or(Refusal::CacheDisabled)?;
        let highest = state.highest_written;
        if since == highest.next() {
            return Ok(CachedEdits::default());
        }
        if since > highest {
            return Err(Refusal::NewerTxnId { highest, since }.into());
        }
        if max == 0 {
            return Err(Refusal::BadMaxTxns(max).into());
        }
        cache.retrieve(since, max).map_err(missed)
    })
}

fn missed(miss: CacheMiss) -> Stop {
    match miss {
        CacheMiss::Missed { text, by_txns } => {
            Refusal::CacheMiss { text, missed_by_txns: by_txns }.into()
        }
        malformed @ CacheMiss::Malformed { .. } => {
            Fault { java_class: "java.io.IOException", message: malformed.to_string() }.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, records, storage};
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

    #[test]
    fn jn_100_without_a_cache_the_key_is_named() {
        let state = Given::written_by(1).open(1, 5).state();
        decided(&state, journaled_edits(&state, TxId(1), 10))
            .fails("IOException", "dfs.ha.tail-edits.in-progress")
            .changes_nothing();
    }

    #[test]
    fn jn_101_the_next_transaction_is_not_there_yet_and_later_ones_are_an_error() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).state();
        decided(&state, journaled_edits(&state, TxId(6), 10))
            .answers(CachedEdits::default())
            .changes_nothing();
        decided(&state, journaled_edits(&state, TxId(7), 10))
            .fails(
                "NewerTxnIdException",
                "Highest txn ID available in the journal is 5, but requested txns starting at 7.",
            )
            .changes_nothing();
    }

    #[test]
    fn jn_102_a_hit_starts_exactly_there() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).state();
        let header: &[u8] = &[0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
        let edit_log = [header, &records(2..=4, 1)].concat().into();
        decided(&state, journaled_edits(&state, TxId(2), 3))
            .answers(CachedEdits { count: 3, edit_log })
            .changes_nothing();
    }

    #[test]
    fn jn_102_no_transactions_is_no_question() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).state();
        decided(&state, journaled_edits(&state, TxId(2), 0))
            .fails("IllegalArgumentException", "maxTxns must be at least 1")
            .changes_nothing();
    }

    #[test]
    fn jn_103_a_miss_says_by_how_much() {
        let state = Given::written_by(1).open(5, 9).cached(5, 9).state();
        let miss = Refusal::CacheMiss {
            text: "Cache started at txn ID 5 but requested txns starting at 2.".into(),
            missed_by_txns: 3,
        };
        assert_eq!(
            journaled_edits(&state, TxId(2), 10),
            Decision::Act { effects: vec![], answer: Err(miss.into()) }
        );
        decided(&state, journaled_edits(&state, TxId(2), 10))
            .fails("JournaledEditsCache$CacheMissException", "Cache started at")
            .changes_nothing();
    }

    #[test]
    fn reading_goes_on_while_the_journal_is_out_of_service() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).out_of_service().state();
        let decision = journaled_edits(&state, TxId(5), 10);
        assert!(matches!(decision, Decision::Act { answer: Ok(edits), .. } if edits.count == 1));
    }
}
