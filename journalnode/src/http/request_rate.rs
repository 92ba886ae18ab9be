use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A rate is measured over at least this long, so that pages asked for one after the other
/// show the same.
const PERIOD: Duration = Duration::from_secs(1);

/// `TotalRequestsPerSecond`: how fast a counter grew between the last two looks at it.
#[derive(Debug)]
pub(super) struct RequestRate(Mutex<Sample>);

#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Instant,
    total: u64,
    per_second: u64,
}

impl RequestRate {
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(Sample { at: now, total: 0, per_second: 0 }))
    }

    /// The rate, given what the counter is now.
    pub(super) fn per_second(&self, total: u64, now: Instant) -> u64 {
        let mut sample = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = now.saturating_duration_since(sample.at);
        if elapsed >= PERIOD {
            let grown = total.saturating_sub(sample.total) as f64;
            let per_second = (grown / elapsed.as_secs_f64()).round() as u64;
            *sample = Sample { at: now, total, per_second };
        }
        sample.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_since_the_last_look() {
        let start = Instant::now();
        let rate = RequestRate::new(start);
        assert_eq!(rate.per_second(50, start), 0);
        assert_eq!(rate.per_second(100, start + 10 * PERIOD), 10);
        assert_eq!(rate.per_second(900, start + 10 * PERIOD + PERIOD / 2), 10);
        assert_eq!(rate.per_second(100, start + 12 * PERIOD), 0);
    }
}
