use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper bounds of the buckets in microseconds, 100 us to 30 s. One is where the patience of a
/// NameNode ends: 20 s (`dfs.qjournal.write-txns.timeout.ms`).
const BOUNDS_MICROS: [u64; 18] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000, 20_000_000, 30_000_000,
];

/// Latencies in fixed buckets, since the process started. Recording takes no lock.
#[derive(Debug)]
pub struct LatencyHistogram {
    /// The last one is for what is above every bound.
    buckets: [AtomicU64; BOUNDS_MICROS.len() + 1],
    sum_micros: AtomicU64,
}

/// A histogram at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramFigures {
    /// Upper bound in seconds, and how many were not above it.
    pub up_to: Vec<(f64, u64)>,
    /// How many there were.
    pub count: u64,
    /// All of them together, in seconds.
    pub sum_seconds: f64,
}

impl Default for LatencyHistogram {
    fn default() -> Self {
        let buckets = std::array::from_fn(|_| AtomicU64::default());
        Self { buckets, sum_micros: AtomicU64::default() }
    }
}

impl LatencyHistogram {
    /// Counts one.
    pub fn record(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        let index = BOUNDS_MICROS.partition_point(|bound| *bound < micros);
        self.buckets[index].fetch_add(1, Relaxed);
        self.sum_micros.fetch_add(micros, Relaxed);
    }

    /// All buckets, each with those below it, as Prometheus has them.
    pub fn figures(&self) -> HistogramFigures {
        let mut count = 0;
        let mut up_to = Vec::with_capacity(BOUNDS_MICROS.len());
        for (index, bucket) in self.buckets.iter().enumerate() {
            count += bucket.load(Relaxed);
            if let Some(bound) = BOUNDS_MICROS.get(index) {
                up_to.push((*bound as f64 / 1e6, count));
            }
        }
        HistogramFigures { up_to, count, sum_seconds: self.sum_micros.load(Relaxed) as f64 / 1e6 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_its_bucket_and_buckets_add_up() {
        let histogram = LatencyHistogram::default();
        for micros in [0, 100, 101, 20_000_000, 20_000_001, 30_000_001, u64::MAX >> 20] {
            histogram.record(Duration::from_micros(micros));
        }
        let figures = histogram.figures();
        let up_to = |seconds: f64| figures.up_to.iter().find(|(bound, _)| *bound == seconds);
        assert_eq!(up_to(0.0001), Some(&(0.0001, 2)));
        assert_eq!(up_to(0.00025), Some(&(0.00025, 3)));
        assert_eq!(up_to(20.0), Some(&(20.0, 4)));
        assert_eq!(up_to(30.0), Some(&(30.0, 5)));
        assert_eq!(figures.count, 7);
    }

    #[test]
    fn the_sum_is_in_seconds() {
        let histogram = LatencyHistogram::default();
        for millis in [5, 20] {
            histogram.record(Duration::from_millis(millis));
        }
        assert_eq!(histogram.figures().sum_seconds, 0.025);
    }
}
