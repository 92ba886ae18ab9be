use super::from_disk::from_disk;
use super::{EditsSource, Pace};
use crate::engine::cache::{CacheMiss, CachedEdits, EditsCache};
use crate::engine::decision::{Stop, decide};
use crate::engine::{Decision, Facts, Fault, Refusal, State};
use crate::types::TxId;

/// `Journal.getJournaledEdits`. Only durable edits are in the cache; what is not in it comes
/// from the files, unless a standby catches up sooner after a miss ([`Pace`]).
pub fn journaled_edits(
    state: &State,
    facts: &Facts,
    since: TxId,
    max: u32,
    pace: Pace,
) -> Decision<(CachedEdits, EditsSource)> {
    decide(state, |_| {
        let cache = state.cache.as_ref().ok_or(Refusal::CacheDisabled)?;
        let highest = state.highest_written;
        if since == highest.next() {
            return Ok((CachedEdits::default(), EditsSource::Nowhere));
        }
        if since > highest {
            return Err(Refusal::NewerTxnId { highest, since }.into());
        }
        if max == 0 {
            return Err(Refusal::BadMaxTxns(max).into());
        }
        let miss = match cached(cache, since, max)? {
            Ok(edits) => return Ok((edits, EditsSource::Cache)),
            Err(miss) => miss,
        };
        let rest = highest.0.saturating_sub(since.0).saturating_add(1) as u64;
        if !pace.keeps_up(rest, u64::from(max)) {
            return Err(miss.into());
        }
        match from_disk(state, facts, since, highest, max)? {
            // The answer may be shorter than hoped for.
            Some(edits) if pace.keeps_up(rest, u64::from(edits.count)) => {
                Ok((edits, EditsSource::Disk))
            }
            _ => Err(miss.into()),
        }
    })
}

/// What the cache has, or by how much it missed. A cache that ends early says "nothing new" in
/// Java, where a standby then waits for the next batch.
fn cached(cache: &EditsCache, since: TxId, max: u32) -> Result<Result<CachedEdits, Refusal>, Stop> {
    match cache.retrieve(since, max) {
        Ok(edits) if edits.count > 0 => Ok(Ok(edits)),
        Ok(_) => {
            let text = format!("Cache ends before txn ID {since}, which was not written here.");
            Ok(Err(Refusal::CacheMiss { text, missed_by_txns: 0 }))
        }
        Err(CacheMiss::Missed { text, by_txns }) => {
            Ok(Err(Refusal::CacheMiss { text, missed_by_txns: by_txns }))
        }
        Err(malformed @ CacheMiss::Malformed { .. }) => {
            let message = malformed.to_string();
            Err(Fault { java_class: "java.io.IOException", message }.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::fixture::{Given, decided, file, records};
    use crate::engine::{Answer, EditsQuery, Effect, Query, SegmentDamage};
    use crate::types::{Epoch, SegmentFile};

    const AT_ONCE: Pace = Pace(Duration::ZERO);
    const EVERY_MINUTE: Pace = Pace(Duration::from_secs(60));
    const HEADER: &[u8] = &[0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];

    type Answered = Decision<(CachedEdits, EditsSource)>;

    fn ask(state: &State, since: i64, max: u32) -> Answered {
        journaled_edits(state, &Facts::default(), TxId(since), max, AT_ONCE)
    }

    fn log(range: std::ops::RangeInclusive<i64>) -> CachedEdits {
        let count = range.clone().count() as u32;
        CachedEdits { count, edit_log: [HEADER, &records(range, 1)].concat().into() }
    }

    /// Asks, lets the files give `edits`, and decides again on `then`.
    fn given_by_the_files(
        asked: &State,
        then: &State,
        since: i64,
        max: u32,
        pace: Pace,
        edits: CachedEdits,
    ) -> Answered {
        let mut facts = Facts::default();
        let decision = journaled_edits(asked, &facts, TxId(since), max, pace);
        let Decision::Ask(query) = decision else { panic!("asks nothing: {decision:?}") };
        facts.learn(query, Ok(Answer::Edits(edits)));
        journaled_edits(then, &facts, TxId(since), max, pace)
    }

    fn query(state: &State, since: i64, max: u32) -> EditsQuery {
        match ask(state, since, max) {
            Decision::Ask(Query::Edits(query)) => query,
            other => panic!("{other:?}"),
        }
    }

    fn missed(decision: &Answered) -> bool {
        matches!(decision, Decision::Act { answer: Err(failure), effects }
            if effects.is_empty() && failure.java_class().ends_with("$CacheMissException"))
    }

    /// Finished 1-4 and 5-9, then 10-12 open, of which the cache has 11 and 12.
    fn three_segments() -> Given {
        Given::written_by(1).files([file(1, 4), file(5, 9)]).open(10, 12).cached(11, 12)
    }

    #[test]
    fn jn_100_without_a_cache_the_key_is_named() {
        let state = Given::written_by(1).open(1, 5).state();
        decided(&state, ask(&state, 1, 10))
            .fails("IOException", "dfs.ha.tail-edits.in-progress")
            .changes_nothing();
    }

    #[test]
    fn jn_101_the_next_transaction_is_not_there_yet_and_later_ones_are_an_error() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).state();
        decided(&state, ask(&state, 6, 10))
            .answers((CachedEdits::default(), EditsSource::Nowhere))
            .changes_nothing();
        decided(&state, ask(&state, 7, 10))
            .fails(
                "NewerTxnIdException",
                "Highest txn ID available in the journal is 5, but requested txns starting at 7.",
            )
            .changes_nothing();
    }

    #[test]
    fn jn_102_a_hit_starts_exactly_there() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).state();
        decided(&state, ask(&state, 2, 3))
            .answers((log(2..=4), EditsSource::Cache))
            .changes_nothing();
    }

    #[test]
    fn jn_102_no_transactions_is_no_question() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).state();
        decided(&state, ask(&state, 2, 0))
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
        assert_eq!(ask(&state, 2, 10), Decision::Act { effects: vec![], answer: Err(miss.into()) });
        decided(&state, ask(&state, 2, 10))
            .fails("JournaledEditsCache$CacheMissException", "Cache started at")
            .changes_nothing();
    }

    #[test]
    fn reading_goes_on_while_the_journal_is_out_of_service() {
        let state = Given::written_by(1).open(1, 5).cached(1, 5).out_of_service().state();
        let decision = ask(&state, 5, 10);
        assert!(
            matches!(decision, Decision::Act { answer: Ok((edits, _)), .. } if edits.count == 1)
        );
    }

    #[test]
    fn what_the_cache_has_not_comes_from_the_segments_that_have_it() {
        let state = three_segments().state();
        let open = SegmentFile::in_progress(TxId(10));
        for (since, max, segments) in [
            (1, 4, vec![file(1, 4)]),
            (2, 4, vec![file(1, 4), file(5, 9)]),
            (3, 99, vec![file(1, 4), file(5, 9), open]),
            (9, 1, vec![file(5, 9)]),
            (10, 99, vec![open]),
        ] {
            let query = query(&state, since, max);
            assert_eq!(query.segments, segments, "{since} {max}");
            assert_eq!((query.since, query.max), (TxId(since), max));
            assert_eq!((query.up_to, query.promised), (TxId(12), Epoch(1)));
        }
        let answer = given_by_the_files(&state, &state, 3, 99, AT_ONCE, log(3..=12));
        decided(&state, answer).answers((log(3..=12), EditsSource::Disk)).changes_nothing();
    }

    #[test]
    fn jn_103_what_no_file_has_is_a_miss() {
        let purged = Given::written_by(1).files([file(5, 9)]).open(10, 12).cached(11, 12).state();
        let text = "Cache started at txn ID 11 but requested txns starting at 4.";
        decided(&purged, ask(&purged, 4, 10))
            .fails("JournaledEditsCache$CacheMissException", text)
            .changes_nothing();
        let gap = Given::written_by(1).files([file(1, 4), file(7, 9)]).open(10, 12).cached(11, 12);
        let gap = gap.state();
        assert!(missed(&ask(&gap, 5, 10)));
        assert_eq!(query(&gap, 2, 99).segments, [file(1, 4)]);
        let damage = SegmentDamage { what: "at byte 81".into(), withheld: true };
        let damaged = three_segments().damaged(file(5, 9), damage).state();
        assert!(missed(&ask(&damaged, 5, 10)));
        assert_eq!(query(&damaged, 2, 99).segments, [file(1, 4)]);
    }

    #[test]
    fn a_segment_that_only_differs_from_what_was_recorded_is_read() {
        let damage = SegmentDamage { what: "another digest".into(), withheld: false };
        let state = three_segments().damaged(file(5, 9), damage).state();
        assert_eq!(query(&state, 5, 2).segments, [file(5, 9)]);
    }

    #[test]
    fn a_stale_segment_in_progress_is_never_read() {
        let stale = || Given::written_by(1).files([file(1, 4), file(5, None)]).highest(9);
        let state = stale().cached(20, 21).state();
        assert!(missed(&ask(&state, 5, 10)));
        assert_eq!(query(&state, 4, 10).segments, [file(1, 4)]);
        // Not even where its writer would have gone on.
        let state = stale().open(10, 12).cached(12, 12).state();
        assert!(missed(&ask(&state, 7, 10)));
        assert_eq!(query(&state, 4, 10).segments, [file(1, 4)]);
        assert_eq!(query(&state, 10, 10).segments, [file(10, None)]);
        // An open one without a transaction has nothing.
        let state = stale().highest(9).open(10, None).cached(20, 21).state();
        assert!(missed(&ask(&state, 9, 10)));
    }

    #[test]
    fn what_the_files_do_not_give_is_a_miss() {
        let state = three_segments().state();
        let nothing = CachedEdits::default();
        assert!(missed(&given_by_the_files(&state, &state, 3, 9, AT_ONCE, nothing)));
        let mut facts = Facts::default();
        facts.learn(Query::Edits(query(&state, 3, 9)), Ok(Answer::Fetched));
        let decision = journaled_edits(&state, &facts, TxId(3), 9, AT_ONCE);
        decided(&state, decision).fails("IOException", "does not answer").changes_nothing();
    }

    #[test]
    fn what_another_writer_may_have_replaced_meanwhile_is_a_miss() {
        let asked = three_segments().state();
        let promised = three_segments().promised(2).state();
        let again = |then| given_by_the_files(&asked, then, 10, 9, AT_ONCE, log(10..=12));
        assert!(missed(&again(&promised)));
        let cut = three_segments().highest(11).state();
        assert!(missed(&again(&cut)));
        let mut cut_off = three_segments().state();
        cut_off.commit(&Effect::NoteHighestWritten(TxId(9)), crate::engine::Outcome::Done);
        let newer = again(&cut_off);
        decided(&cut_off, newer).answers((CachedEdits::default(), EditsSource::Nowhere));
        // A log that only went on is fine.
        let longer = Given::written_by(1).files([file(1, 4), file(5, 9)]).open(10, 15);
        let longer = longer.cached(14, 15).state();
        assert!(matches!(again(&longer), Decision::Act { answer: Ok(_), .. }));
    }

    #[test]
    fn a_standby_that_would_fall_behind_is_told_to_stream() {
        let state = three_segments().state();
        let minute =
            |since, max| journaled_edits(&state, &Facts::default(), TxId(since), max, EVERY_MINUTE);
        assert!(missed(&minute(3, 9)), "ten are left and nine are asked for");
        assert!(matches!(minute(3, 10), Decision::Ask(_)));
        let short = given_by_the_files(&state, &state, 3, 10, EVERY_MINUTE, log(3..=11));
        assert!(missed(&short), "the answer is shorter than hoped for");
        let all = given_by_the_files(&state, &state, 3, 10, EVERY_MINUTE, log(3..=12));
        decided(&state, all).answers((log(3..=12), EditsSource::Disk)).changes_nothing();
    }

    /// A node that missed the last segment got it from a peer: its cache ends before.
    #[test]
    fn a_cache_that_ends_early_is_no_end_of_the_log() {
        let state = Given::written_by(1).files([file(1, 4), file(5, 9)]).cached(1, 4);
        let state = state.highest(9).state();
        assert_eq!(query(&state, 6, 10).segments, [file(5, 9)]);
        let nothing = CachedEdits::default();
        assert!(missed(&given_by_the_files(&state, &state, 6, 9, AT_ONCE, nothing)));
    }
}
