use std::time::Duration;

/// Round trips that were timed one by one.
#[derive(Debug, Clone)]
pub struct Window {
    sorted: Vec<Duration>,
}

impl Window {
    /// In whatever order they were taken.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { sorted: times }
    }

    /// The time that this part of them, from 0 to 1, did not exceed; in µs.
    pub fn quantile_us(&self, part: f64) -> f64 {
        let rank = (part * self.sorted.len() as f64).ceil() as usize;
        let time = self.sorted.get(rank.saturating_sub(1));
        time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
    }

    /// How many fit into a second, one after the other.
    pub fn per_second(&self) -> f64 {
        self.sorted.len() as f64 / self.sorted.iter().sum::<Duration>().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_time_that_was_taken() {
        let window = Window::new((1..=100).rev().map(Duration::from_micros).collect());
        assert_eq!(window.quantile_us(0.5).round(), 50.0);
        assert_eq!(window.quantile_us(0.99).round(), 99.0);
        assert_eq!(window.quantile_us(1.0).round(), 100.0);
    }

    #[test]
    fn the_rate_goes_by_the_mean() {
        let window = Window::new(vec![Duration::from_millis(1), Duration::from_millis(3)]);
        assert_eq!(window.per_second().round(), 500.0);
    }
}
