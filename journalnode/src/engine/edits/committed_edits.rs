use super::EditsSource;
use super::from_disk::from_disk;
use crate::engine::cache::CachedEdits;
use crate::engine::decision::decide;
use crate::engine::{Decision, Facts, Refusal, State};
use crate::types::TxId;

/// Transactions from `since` on that this node knows to be committed; none if the next one is
/// not known to be yet. Works without a cache.
pub fn committed_edits(
    state: &State,
    facts: &Facts,
    since: TxId,
    max: u32,
) -> Decision<(CachedEdits, EditsSource)> {
    decide(state, |_| {
        if max == 0 {
            return Err(Refusal::BadMaxTxns(max).into());
        }
        let Some(committed) = state.committed_and_served().filter(|txid| since <= *txid) else {
            return Ok((CachedEdits::default(), EditsSource::Nowhere));
        };
        let there = committed.0.saturating_sub(since.0).saturating_add(1);
        let max = u32::try_from(there).unwrap_or(u32::MAX).min(max);
        let cached = state.cache.as_ref().and_then(|cache| cache.retrieve(since, max).ok());
        if let Some(edits) = cached.filter(|edits| edits.count > 0) {
            return Ok((edits, EditsSource::Cache));
        }
        match from_disk(state, facts, since, committed, max)? {
            Some(edits) => Ok((edits, EditsSource::Disk)),
            None => Err(gone(state, since).into()),
        }
    })
}

/// Says what to do: another node may have it.
fn gone(state: &State, since: TxId) -> Refusal {
    let finished = state.segments.iter().find(|file| !file.is_in_progress());
    let oldest = finished.map(|file| file.first).or(state.open.map(|open| open.first));
    let oldest = oldest.unwrap_or(since);
    let text = if since < oldest {
        format!(
            "txn ID {since} is not on this JournalNode any more, the oldest is {oldest}; ask \
             another one, or start from there"
        )
    } else {
        format!("txn ID {since} is missing or damaged on this JournalNode; ask another one")
    };
    Refusal::CacheMiss { text, missed_by_txns: oldest.0.saturating_sub(since.0).max(0) as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{Given, decided, file, records};
    use crate::engine::{Answer, Query};

    fn ask(state: &State, since: i64, max: u32) -> Decision<(CachedEdits, EditsSource)> {
        committed_edits(state, &Facts::default(), TxId(since), max)
    }

    /// What the files are asked for: the last transaction, and how many.
    fn asked(state: &State, since: i64, max: u32) -> Option<(i64, u32)> {
        match ask(state, since, max) {
            Decision::Ask(Query::Edits(query)) => Some((query.up_to.0, query.max)),
            _ => None,
        }
    }

    fn nothing_yet(state: &State, since: i64) {
        decided(state, ask(state, since, 9))
            .answers((CachedEdits::default(), EditsSource::Nowhere))
            .changes_nothing();
    }

    #[test]
    fn what_is_finished_is_committed_and_of_the_open_segment_what_the_writer_told() {
        let given = || Given::written_by(1).files([file(1, 4)]).open(5, 9);
        let state = given().state();
        assert_eq!(asked(&state, 1, 99), Some((4, 4)));
        nothing_yet(&state, 5);
        let state = given().committed(7).state();
        assert_eq!(asked(&state, 1, 99), Some((7, 7)));
        assert_eq!(asked(&state, 6, 1), Some((7, 1)));
        nothing_yet(&state, 8);
        // A node that lags knows more to be committed than it has.
        let state = given().committed(20).state();
        assert_eq!(asked(&state, 1, 99), Some((9, 9)));
        nothing_yet(&state, 10);
    }

    #[test]
    fn what_is_left_of_a_dead_writer_is_not_given_out() {
        let state = Given::written_by(1).files([file(1, 4), file(5, None)]).highest(9);
        let state = state.committed(8).state();
        assert_eq!(asked(&state, 2, 99), Some((4, 3)));
        nothing_yet(&state, 5);
        nothing_yet(&Given::formatted().state(), 1);
    }

    #[test]
    fn the_cache_gives_no_more_than_what_is_committed() {
        let state = Given::written_by(1).open(1, 9).cached(1, 9).committed(6).state();
        let header: &[u8] = &[0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
        let edit_log = [header, &records(3..=6, 1)].concat().into();
        decided(&state, ask(&state, 3, 99))
            .answers((CachedEdits { count: 4, edit_log }, EditsSource::Cache))
            .changes_nothing();
    }

    #[test]
    fn what_is_gone_is_said_to_be_gone() {
        let state = Given::written_by(1).files([file(5, 9)]).open(10, 12).state();
        decided(&state, ask(&state, 2, 9))
            .fails("JournaledEditsCache$CacheMissException", "the oldest is 5; ask another one")
            .changes_nothing();
        let Decision::Ask(query) = ask(&state, 6, 9) else { panic!("it is there") };
        let mut facts = Facts::default();
        facts.learn(query, Ok(Answer::Edits(CachedEdits::default())));
        decided(&state, committed_edits(&state, &facts, TxId(6), 9))
            .fails("JournaledEditsCache$CacheMissException", "missing or damaged")
            .changes_nothing();
        decided(&state, ask(&state, 6, 0)).fails("IllegalArgumentException", "at least 1");
    }
}
