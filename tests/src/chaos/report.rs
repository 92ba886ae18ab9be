use serde::Serialize;

use super::{Answer, Operation, Replica, Violation};

/// One line of the timeline.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Milliseconds since the first round began.
    pub at_ms: u64,
    /// Counted from 1; 0 is before the first and after the last.
    pub round: usize,
    /// What happened.
    pub what: String,
}

/// How much there was to check.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Totals {
    /// Operations that were acknowledged.
    pub acknowledged: usize,
    /// Operations with an unknown end.
    pub unknown: usize,
    /// The longest time without an acknowledgement.
    pub longest_pause_ms: u64,
    /// Finished segments on each JournalNode.
    pub segments: usize,
    /// Transactions that were compared on all of them.
    pub transactions: usize,
    /// Epochs under which somebody wrote.
    pub epochs: usize,
}

/// What came of a run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Decides the faults.
    pub seed: u64,
    /// How many rounds there were to be.
    pub rounds: usize,
    /// How many were healed, converged and found well.
    pub rounds_done: usize,
    /// Whether nothing was found, and the run came to its end.
    pub passed: bool,
    /// What must never be seen, and was.
    pub violations: Vec<String>,
    /// Why the run ended early, if it did.
    pub stopped_by: Option<String>,
    /// How long it took.
    pub took_ms: u64,
    /// How much was checked.
    pub totals: Totals,
    /// What was done, and when.
    pub timeline: Vec<Event>,
}

impl Report {
    /// Nothing yet.
    pub fn new(seed: u64, rounds: usize) -> Self {
        Self {
            seed,
            rounds,
            rounds_done: 0,
            passed: false,
            violations: Vec::new(),
            stopped_by: None,
            took_ms: 0,
            totals: Totals::default(),
            timeline: Vec::new(),
        }
    }

    /// Notes what was found.
    pub fn add(&mut self, found: &[Violation]) {
        self.violations.extend(found.iter().map(ToString::to_string));
    }
}

impl Totals {
    /// Counts the history.
    pub fn count(&mut self, history: &[Operation]) {
        let with = |answer| history.iter().filter(move |op| op.answer == answer);
        self.acknowledged = with(Answer::Acknowledged).count();
        self.unknown = with(Answer::Unknown).count();
        let mut ends: Vec<u64> = with(Answer::Acknowledged).map(|op| op.to_ms).collect();
        ends.sort_unstable();
        let pauses = ends.windows(2).map(|pair| pair[1] - pair[0]);
        self.longest_pause_ms = pauses.max().unwrap_or_default();
    }

    /// Counts what one of the equal replicas has.
    pub fn count_log(&mut self, replica: &Replica) {
        self.segments = replica.segments.len();
        self.transactions = replica.transactions.len();
    }
}
