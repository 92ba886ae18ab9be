use std::collections::VecDeque;

use super::FailoverRecord;

/// The failovers of a nameservice as they are kept in ZooKeeper: one JSON object a line, the
/// latest last. One znode holds them all, so that its bound holds whoever writes and dies when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    lines: VecDeque<String>,
}

impl History {
    /// Failovers that are kept.
    pub const MAX_RECORDS: usize = 100;
    /// All of them together, in bytes: half of what ZooKeeper takes in a znode by default.
    pub const MAX_BYTES: usize = 512 << 10;
    /// Longest text of a record, in bytes.
    pub const MAX_TEXT_BYTES: usize = 2 << 10;

    /// From what is in ZooKeeper. Lines that cannot be read are kept: a newer program wrote them.
    pub fn read(data: &[u8]) -> Self {
        let text = String::from_utf8_lossy(data);
        Self {
            lines: text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// For ZooKeeper.
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
    }

    /// Adds one, and forgets the oldest beyond the bounds. Answers whether that changed anything.
    pub fn add(&mut self, record: FailoverRecord) -> bool {
        // A record is made of texts and numbers: it always has a JSON form.
        let line = serde_json::to_string(&record.shortened(Self::MAX_TEXT_BYTES));
        let line = line.unwrap_or_default();
        if line.is_empty() || self.lines.contains(&line) {
            return false;
        }
        self.lines.push_back(line);
        while self.lines.len() > Self::MAX_RECORDS || self.len_bytes() > Self::MAX_BYTES {
            self.lines.pop_front();
        }
        true
    }

    /// Those that can be read, the latest first.
    pub fn latest_first(&self) -> Vec<FailoverRecord> {
        self.lines.iter().rev().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    fn len_bytes(&self) -> usize {
        self.lines.iter().map(|line| line.len() + 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Outcome, Phases};
    use crate::types::NameNodeId;

    fn record(at_ms: u64) -> FailoverRecord {
        FailoverRecord {
            at_ms,
            from: Some(NameNodeId::new("ns", "nn1")),
            to: NameNodeId::new("ns", "nn2"),
            why: "the lock was free".to_owned(),
            outcome: Outcome::Activated,
            by: "nn02".to_owned(),
            phases: Phases { total_ms: 640, fence_ms: Some(410), ..Phases::default() },
            fencing: Some("sshfence: killed".to_owned()),
        }
    }

    #[test]
    fn what_was_recorded_is_read_again_the_latest_first() {
        let failed = FailoverRecord {
            outcome: Outcome::Failed("timed out".to_owned()),
            from: None,
            fencing: None,
            ..record(2)
        };
        let mut history = History::default();
        assert!(history.add(record(1)) && history.add(failed.clone()));
        let read = History::read(history.text().as_bytes());
        assert_eq!(read.latest_first(), [failed, record(1)]);
    }

    #[test]
    fn the_same_record_is_kept_once() {
        let mut history = History::default();
        assert!(history.add(record(1)));
        assert!(!history.add(record(1)));
        assert_eq!(history.latest_first().len(), 1);
    }

    #[test]
    fn the_oldest_go_when_it_is_full() {
        let mut history = History::default();
        (0..250).for_each(|at| assert!(history.add(record(at))));
        let kept = history.latest_first();
        assert_eq!(kept.len(), History::MAX_RECORDS);
        assert_eq!((kept[0].at_ms, kept[99].at_ms), (249, 150));
    }

    #[test]
    fn long_texts_are_cut_and_the_whole_stays_within_its_bytes() {
        let mut history = History::default();
        for at in 0..100 {
            let long = || "é\n\"".repeat(10_000);
            let outcome = Outcome::Failed(long());
            let (by, fencing) = (long(), Some(long()));
            history.add(FailoverRecord { why: long(), outcome, by, fencing, ..record(at) });
            assert!(history.text().len() <= History::MAX_BYTES);
        }
        let latest = &history.latest_first()[0];
        assert_eq!(latest.at_ms, 99);
        assert!(latest.why.ends_with('…') && latest.why.len() <= History::MAX_TEXT_BYTES);
    }

    #[test]
    fn lines_of_a_newer_program_are_kept_and_not_shown() {
        let mut history = History::read(b"{\"at\":\"noon\"}\n\n\xff\n");
        history.add(record(3));
        assert_eq!(history.latest_first(), [record(3)]);
        assert!(history.text().starts_with("{\"at\":\"noon\"}\n"));
    }

    /// Found by fuzzing (`znode`): the carriage return was lost at the second reading.
    #[test]
    fn a_line_that_ends_in_a_carriage_return_stays_as_it_is() {
        let history = History::read(b"{\r\n{\r");
        assert_eq!(history.text(), "{\r\n{\r\n");
        assert_eq!(History::read(history.text().as_bytes()), history);
    }
}
