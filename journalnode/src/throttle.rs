use std::time::{Duration, Instant};

/// How long a share of the bandwidth lasts.
const PERIOD: Duration = Duration::from_millis(500);
/// How many periods' shares may pile up while nothing is sent.
const PERIODS_KEPT: u32 = 3;

/// Keeps a transfer at its bandwidth: each period allows a share of it, and whoever has used
/// up the share waits for the next (`DataTransferThrottler`).
#[derive(Debug)]
pub(crate) struct Throttle {
    share_bytes: i64,
    period_start: Instant,
    left_bytes: i64,
}

impl Throttle {
    /// A throttle with one period's share, in bytes per second.
    pub(crate) fn new(bytes_per_second: u64, now: Instant) -> Self {
        let share = u128::from(bytes_per_second) * PERIOD.as_millis() / 1000;
        // Java waits for ever if this comes to nothing.
        let share_bytes = i64::try_from(share).unwrap_or(i64::MAX).max(1);
        Self { share_bytes, period_start: now, left_bytes: share_bytes }
    }

    /// The most that should be sent at once, in bytes: a larger piece would be a burst.
    pub(crate) fn piece_bytes(&self) -> usize {
        usize::try_from(self.share_bytes).unwrap_or(usize::MAX)
    }

    /// Takes that so many bytes were sent. Nothing may be sent before the time it returns.
    pub(crate) fn sent(&mut self, bytes: usize, now: Instant) -> Duration {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.left_bytes = self.left_bytes.saturating_sub(bytes);
        let mut free_at = now;
        while self.left_bytes <= 0 {
            let period_end = self.period_start + PERIOD;
            free_at = free_at.max(period_end);
            if free_at < self.period_start + PERIOD * PERIODS_KEPT {
                self.period_start = period_end;
                self.left_bytes = self.left_bytes.saturating_add(self.share_bytes);
            } else {
                self.period_start = free_at;
                self.left_bytes = self.share_bytes.saturating_sub(bytes);
            }
        }
        free_at - now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends pieces one after the other and returns how long it took.
    fn send(throttle: &mut Throttle, pieces: &[usize], start: Instant) -> Duration {
        let now = pieces.iter().fold(start, |now, bytes| now + throttle.sent(*bytes, now));
        now - start
    }

    #[test]
    fn jn_128_a_transfer_takes_as_long_as_its_bandwidth_says() {
        let start = Instant::now();
        let mut throttle = Throttle::new(1 << 20, start);
        let took = send(&mut throttle, &[64 << 10; 160], start);
        assert_eq!(took, Duration::from_secs(10));
    }

    #[test]
    fn jn_128_an_idle_throttle_saves_up_little() {
        let start = Instant::now();
        let mut throttle = Throttle::new(1000, start);
        let later = start + Duration::from_secs(60);
        let took = send(&mut throttle, &[250; 40], later);
        assert!(took >= Duration::from_secs(8), "{took:?}");
    }

    #[test]
    fn one_byte_a_second_is_slow_but_ends() {
        let start = Instant::now();
        let mut throttle = Throttle::new(1, start);
        assert_eq!(throttle.piece_bytes(), 1);
        assert!(throttle.sent(1, start) <= PERIOD);
        let mut fast = Throttle::new(u64::MAX, start);
        assert_eq!(fast.sent(1 << 30, start), Duration::ZERO);
    }
}
