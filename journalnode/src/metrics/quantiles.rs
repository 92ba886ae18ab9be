use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// Latencies above this count as this much: 10 minutes, in microseconds.
const MAX_MICROS: u64 = 600_000_000;
/// Two significant digits: a p99 of 20 ms is told from one of 20.2 ms.
const PRECISION_DIGITS: u8 = 2;

/// Quantiles over one time window, as Hadoop's `MutableQuantiles` shows them: the figures of
/// the last full window, until the next one is full.
#[derive(Debug)]
pub struct LatencyWindow {
    length: Duration,
    started: Instant,
    filling: Option<Histogram<u64>>,
    shown: LatencyQuantiles,
}

/// The figures of one window, latencies in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatencyQuantiles {
    /// How many were timed.
    pub count: u64,
    /// The median.
    pub p50: u64,
    /// Three quarters were not slower.
    pub p75: u64,
    /// Nine tenths were not slower.
    pub p90: u64,
    /// 95 % were not slower.
    pub p95: u64,
    /// 99 % were not slower.
    pub p99: u64,
}

impl LatencyWindow {
    /// A window that starts now.
    pub fn new(length: Duration, now: Instant) -> Self {
        let filling = Histogram::new_with_bounds(1, MAX_MICROS, PRECISION_DIGITS).ok();
        Self { length, started: now, filling, shown: LatencyQuantiles::default() }
    }

    /// The window's length in seconds, part of the metric's name.
    pub fn seconds(&self) -> u64 {
        self.length.as_secs()
    }

    /// Times one event.
    pub fn record(&mut self, latency: Duration, now: Instant) {
        self.roll(now);
        if let Some(histogram) = &mut self.filling {
            histogram.saturating_record(latency.as_micros().min(u128::from(MAX_MICROS)) as u64);
        }
    }

    /// The figures of the last full window.
    pub fn quantiles(&mut self, now: Instant) -> LatencyQuantiles {
        self.roll(now);
        self.shown
    }

    fn roll(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.started);
        if elapsed < self.length {
            return;
        }
        let Some(histogram) = &mut self.filling else { return };
        // A window in which nothing happened has passed since: the figures are old.
        let missed_one = elapsed >= self.length * 2;
        self.shown =
            if missed_one { LatencyQuantiles::default() } else { LatencyQuantiles::of(histogram) };
        histogram.reset();
        self.started = now;
    }
}

impl LatencyQuantiles {
    fn of(histogram: &Histogram<u64>) -> Self {
        let at = |quantile| histogram.value_at_quantile(quantile);
        Self {
            count: histogram.len(),
            p50: at(0.50),
            p75: at(0.75),
            p90: at(0.90),
            p95: at(0.95),
            p99: at(0.99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_full_window_is_shown_until_the_next_is_full() {
        let start = Instant::now();
        let mut window = LatencyWindow::new(MINUTE, start);
        for millis in 1..=100 {
            window.record(Duration::from_millis(millis), start);
        }
        assert_eq!(window.quantiles(start).count, 0);
        let shown = window.quantiles(start + MINUTE);
        assert_eq!(shown.count, 100);
        assert!((49_000..=51_000).contains(&shown.p50), "{shown:?}");
        assert!((98_000..=100_000).contains(&shown.p99), "{shown:?}");
        assert_eq!(window.quantiles(start + MINUTE + MINUTE / 2), shown);
        assert_eq!(window.quantiles(start + 2 * MINUTE).count, 0);
    }

    #[test]
    fn figures_older_than_a_window_are_not_shown() {
        let start = Instant::now();
        let mut window = LatencyWindow::new(MINUTE, start);
        window.record(Duration::from_millis(1), start);
        assert_eq!(window.quantiles(start + 3 * MINUTE), LatencyQuantiles::default());
    }
}
