use std::time::Duration;

/// How much longer a standby may take to catch up by answers from disk than by streaming whole
/// segments.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often standbys ask for edits (`dfs.ha.tail-edits.period`).
///
/// A NameNode takes one answer per period, of at most 5000 transactions
/// (`dfs.ha.tail-edits.qjm.rpc.max-txns`), and then sleeps, however far it is behind
/// (`EditLogTailer.doWork`). After a cache miss it streams all that there is in one round
/// (`QuorumJournalManager.selectInputStreams`). So an answer can be worse than a miss: with
/// the default period of 60 s it would keep a standby that is far behind, or whose active
/// NameNode writes more than 83 transactions per second, behind for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(
    /// The period.
    pub Duration,
);

impl Pace {
    /// Whether a standby that lacks `rest` transactions and gets `per_answer` of them with each
    /// answer need not wait too long for the others. One that gets them all waits for nothing.
    ///
    /// A standby that falls further behind than this gets a miss, streams, and has caught up:
    /// whatever is written meanwhile, answers from disk never hold it back for longer.
    pub(super) fn keeps_up(self, rest: u64, per_answer: u64) -> bool {
        let answers = rest.div_ceil(per_answer.max(1));
        let periods = u32::try_from(answers.saturating_sub(1)).unwrap_or(u32::MAX);
        self.0.checked_mul(periods).is_some_and(|wait| wait <= PATIENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeps_up(period_ms: u64, rest: u64) -> bool {
        Pace(Duration::from_millis(period_ms)).keeps_up(rest, 5000)
    }

    #[test]
    fn what_fits_into_one_answer_never_waits() {
        assert!(keeps_up(60_000, 1) && keeps_up(60_000, 5000));
        assert!(!keeps_up(60_000, 5001));
    }

    #[test]
    fn a_standby_that_asks_often_may_be_further_behind() {
        assert!(keeps_up(1000, 55_000) && !keeps_up(1000, 55_001));
        assert!(keeps_up(100, 505_000) && !keeps_up(100, 505_001));
        assert!(keeps_up(0, u64::from(u32::MAX)), "it asks again at once");
    }

    #[test]
    fn hostile_numbers_are_only_slow() {
        assert!(!Pace(Duration::MAX).keeps_up(u64::MAX, 0));
        assert!(Pace(Duration::ZERO).keeps_up(u64::MAX, 0));
    }
}
