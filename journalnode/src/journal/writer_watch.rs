use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use crate::engine::Effect;
use crate::types::Epoch;

/// Who writes, and when it last asked for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Where its latest request came from.
    pub address: SocketAddr,
    /// Its epoch.
    pub epoch: Epoch,
    /// Since when it is the writer, for this process.
    pub since: SystemTime,
    /// When its latest request of any kind came.
    pub last_request: SystemTime,
}

/// Follows the requests of the writers of one journal. A writer of lower epoch than another one
/// was fenced, and is not followed.
#[derive(Debug)]
pub(super) struct WriterWatch {
    writer: Option<Writer>,
    /// When a writer was last heard, or could first have been.
    heard: Instant,
    /// When the writer had its last answer; `None` while it waits for one.
    answered: Option<Instant>,
    waiting: u32,
    left_whole: bool,
}

impl WriterWatch {
    /// Nobody was heard yet.
    pub(super) fn new(started: Instant) -> Self {
        Self { writer: None, heard: started, answered: None, waiting: 0, left_whole: false }
    }

    /// The process serves since then.
    pub(super) fn served_since(&mut self, started: Instant) {
        if self.writer.is_none() {
            self.heard = self.heard.min(started);
        }
    }

    /// Goes on for another process, whose writer is there.
    pub(super) fn resume(&mut self, left_whole: bool, now: Instant) {
        (self.heard, self.left_whole) = (now, left_whole);
    }

    /// A request came. Answers how long the writer had nothing to ask, if it is the one that
    /// was answered last.
    pub(super) fn asked(
        &mut self,
        by: SocketAddr,
        epoch: Epoch,
        now: Instant,
        at: SystemTime,
    ) -> Option<Duration> {
        let before = self.writer;
        if before.is_some_and(|writer| epoch < writer.epoch) {
            return None;
        }
        let is_same =
            before.is_some_and(|writer| writer.epoch == epoch && writer.address.ip() == by.ip());
        let since = before.filter(|_| is_same).map_or(at, |writer| writer.since);
        self.writer = Some(Writer { address: by, epoch, since, last_request: at });
        self.heard = now;
        self.waiting += 1;
        let answered = self.answered.take().filter(|_| is_same);
        answered.map(|answered| now.saturating_duration_since(answered))
    }

    /// Who [`asked`](Self::asked) has its answer.
    pub(super) fn answered(&mut self, now: Instant) {
        self.waiting = self.waiting.saturating_sub(1);
        self.answered = (self.waiting == 0).then_some(now);
    }

    /// An effect became durable.
    pub(super) fn note(&mut self, effect: &Effect, now: Instant) {
        match effect {
            Effect::OpenSegment { .. } => {
                (self.heard, self.left_whole) = (now, false);
            }
            Effect::FinalizeSegment { .. } => self.left_whole = true,
            Effect::AbortSegment => self.left_whole = false,
            // A new writer is about to come; or it comes back to a quorum that goes on.
            Effect::PromiseEpoch(_) | Effect::Rejoin(_) => {
                (self.heard, self.left_whole) = (now, false);
            }
            _ => {}
        }
    }

    pub(super) fn writer(&self) -> Option<Writer> {
        self.writer
    }

    pub(super) fn left_whole(&self) -> bool {
        self.left_whole
    }

    pub(super) fn silent_for(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{LayoutVersion, TxId};

    struct Followed {
        watch: WriterWatch,
        start: Instant,
    }

    impl Followed {
        fn new() -> Self {
            let start = Instant::now();
            Self { watch: WriterWatch::new(start), start }
        }

        /// A request at this millisecond, answered at that one.
        fn request(&mut self, by: &str, epoch: i64, [from, to]: [u64; 2]) -> Option<u128> {
            let gap = self.ask(by, epoch, from);
            self.watch.answered(self.start + Duration::from_millis(to));
            gap
        }

        fn ask(&mut self, by: &str, epoch: i64, ms: u64) -> Option<u128> {
            let at = SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
            let now = self.start + Duration::from_millis(ms);
            let gap = self.watch.asked(by.parse().unwrap(), Epoch(epoch), now, at);
            gap.map(|gap| gap.as_millis())
        }

        fn since_ms(&self) -> u128 {
            let since = self.watch.writer().unwrap().since;
            since.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()
        }
    }

    #[test]
    fn a_gap_is_from_an_answer_to_the_next_request_of_the_same_writer() {
        let mut followed = Followed::new();
        assert_eq!(followed.request("10.0.0.1:4000", 1, [5, 10]), None);
        assert_eq!(followed.request("10.0.0.1:4000", 1, [110, 3110]), Some(100));
        // It connected anew.
        assert_eq!(followed.request("10.0.0.1:4001", 1, [3115, 3120]), Some(5));
        assert_eq!(followed.since_ms(), 5);
        // Another writer was not slow before it came.
        assert_eq!(followed.request("10.0.0.2:4000", 2, [9000, 9001]), None);
        assert_eq!(followed.since_ms(), 9000);
    }

    #[test]
    fn who_waits_for_an_answer_is_not_late_with_the_next_request() {
        let mut followed = Followed::new();
        assert_eq!(followed.ask("10.0.0.1:4000", 1, 0), None);
        assert_eq!(followed.request("10.0.0.1:4000", 1, [50, 60]), None);
        assert_eq!(followed.ask("10.0.0.1:4000", 1, 70), None);
        for ms in [80, 90] {
            followed.watch.answered(followed.start + Duration::from_millis(ms));
        }
        assert_eq!(followed.ask("10.0.0.1:4000", 1, 100), Some(10));
    }

    #[test]
    fn a_fenced_writer_is_not_followed() {
        let mut followed = Followed::new();
        followed.request("10.0.0.2:4000", 2, [0, 1]);
        assert_eq!(followed.ask("10.0.0.1:4000", 1, 500), None);
        assert_eq!(followed.watch.writer().unwrap().epoch, Epoch(2));
        let later = followed.start + Duration::from_millis(700);
        assert_eq!(followed.watch.silent_for(later), Duration::from_millis(700));
    }

    #[test]
    fn only_a_finished_segment_leaves_the_log_whole() {
        let mut watch = WriterWatch::new(Instant::now());
        let (first, last) = (TxId(1), TxId(4));
        let open = Effect::OpenSegment { first, layout_version: LayoutVersion::CURRENT };
        for (effect, whole) in [
            (open, false),
            (Effect::FinalizeSegment { first, last }, true),
            (Effect::DeletePaxos(first), true),
            (Effect::PromiseEpoch(Epoch(2)), false),
            (Effect::FinalizeSegment { first, last }, true),
            (Effect::AbortSegment, false),
        ] {
            watch.note(&effect, Instant::now());
            assert_eq!(watch.left_whole(), whole, "{effect:?}");
        }
    }

    #[test]
    fn a_journal_loaded_late_was_silent_since_the_process_started() {
        let start = Instant::now();
        let mut watch = WriterWatch::new(start + Duration::from_secs(600));
        watch.served_since(start);
        assert_eq!(watch.silent_for(start + Duration::from_secs(601)).as_secs(), 601);
    }
}
