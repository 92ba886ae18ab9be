use std::time::{Duration, Instant};

use crate::journal::Running;

/// When people are told of an effect that is not done: the writer gives up at 20 seconds.
const STEPS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(15),
];

/// Decides when to speak about one journal's disk.
#[derive(Debug)]
pub(super) struct Alarm {
    steps: &'static [Duration],
    watched: Option<Running>,
    /// How many of the steps were told of what is watched.
    told: usize,
}

/// Something worth a line in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// It is not done yet.
    Stuck {
        what: &'static str,
        took: Duration,
        /// The writer is about to give up on this node.
        grave: bool,
    },
    /// What was told to be stuck is done, after this at most.
    Back { what: &'static str, took: Duration },
}

impl Alarm {
    /// For what the disk works on.
    pub(super) fn of_disk() -> Self {
        Self { steps: &STEPS, watched: None, told: 0 }
    }

    /// For requests that wait behind what the disk works on, each of it quick enough not to be
    /// told. Starts later: a request that waited for a second is told when its turn comes.
    pub(super) fn of_queue() -> Self {
        Self { steps: &STEPS[1..], ..Self::of_disk() }
    }

    /// Whether something was told of what is watched now.
    pub(super) fn has_told(&self) -> bool {
        self.told > 0
    }

    /// Looks at what is running now.
    pub(super) fn look(&mut self, running: Option<Running>, now: Instant) -> Option<Notice> {
        if running != self.watched {
            let before = std::mem::replace(&mut self.watched, running);
            let told = std::mem::take(&mut self.told);
            if let Some(Running { since, what }) = before.filter(|_| told > 0) {
                return Some(Notice::Back { what, took: now - since });
            }
        }
        let Running { since, what } = running?;
        let took = now.saturating_duration_since(since);
        let due = self.steps.iter().take_while(|step| took >= **step).count();
        if due <= self.told {
            return None;
        }
        self.told = due;
        Some(Notice::Stuck { what, took, grave: due == self.steps.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stuck_disk_is_told_at_each_step_once_and_when_it_is_back() {
        let start = Instant::now();
        let running = Some(Running { since: start, what: "appending a batch" });
        let mut alarm = Alarm::of_disk();
        let mut told = Vec::new();
        for ms in (0..=20_000).step_by(250) {
            if let Some(notice) = alarm.look(running, start + Duration::from_millis(ms)) {
                told.push((ms, notice));
            }
        }
        let at: Vec<u64> = told.iter().map(|(ms, _)| *ms).collect();
        assert_eq!(at, [1000, 5000, 10_000, 15_000]);
        let grave = |notice: &Notice| matches!(notice, Notice::Stuck { grave: true, .. });
        assert!(grave(&told[3].1) && !grave(&told[2].1));

        let took = Duration::from_millis(20_500);
        let back = Notice::Back { what: "appending a batch", took };
        assert_eq!(alarm.look(None, start + took), Some(back));
        assert_eq!(alarm.look(None, start + 2 * took), None);
    }

    #[test]
    fn a_queue_is_told_later_and_as_gravely() {
        let start = Instant::now();
        let waiting = Some(Running { since: start, what: "a request" });
        let mut alarm = Alarm::of_queue();
        let at = |seconds| start + Duration::from_secs(seconds);
        let told = [1, 5, 10, 15].map(|seconds| alarm.look(waiting, at(seconds)));
        assert_eq!(told[0], None);
        let graves = told.map(|notice| matches!(notice, Some(Notice::Stuck { grave: true, .. })));
        assert_eq!(graves, [false, false, false, true]);
    }

    #[test]
    fn a_busy_disk_that_comes_back_is_not_told() {
        let start = Instant::now();
        let mut alarm = Alarm::of_disk();
        for ms in (0..60_000).step_by(250) {
            let now = start + Duration::from_millis(ms);
            let running = Some(Running { since: now, what: "appending a batch" });
            assert_eq!(alarm.look(running, now + Duration::from_millis(900)), None);
        }
    }
}
