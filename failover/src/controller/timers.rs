use std::collections::BTreeMap;

use crate::engine::{Time, Timer};

/// The timers that are set, one of each kind.
#[derive(Debug, Default)]
pub(super) struct Timers(BTreeMap<Timer, Time>);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Time) {
        self.0.insert(timer, at);
    }

    /// When the next one rings.
    pub(super) fn next(&self) -> Option<Time> {
        self.0.values().min().copied()
    }

    /// One whose time has come.
    pub(super) fn take_due(&mut self, now: Time) -> Option<Timer> {
        let due = self.0.iter().filter(|(_, at)| **at <= now).min_by_key(|(_, at)| **at);
        let timer = *due?.0;
        self.0.remove(&timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(ms: u64) -> Time {
        Time::from_start(Duration::from_millis(ms))
    }

    #[test]
    fn timers_ring_in_the_order_of_their_times_and_once() {
        let mut timers = Timers::default();
        timers.set(Timer::Recheck, at(30));
        timers.set(Timer::Stop, at(10));
        timers.set(Timer::Rejoin, at(99));
        timers.set(Timer::Rejoin, at(20));
        assert_eq!(timers.next(), Some(at(10)));
        assert_eq!(timers.take_due(at(9)), None);
        let rung: Vec<_> = std::iter::from_fn(|| timers.take_due(at(30))).collect();
        assert_eq!(rung, [Timer::Stop, Timer::Rejoin, Timer::Recheck]);
        assert_eq!(timers.next(), None);
    }
}
