use std::time::Duration;

/// A pause of this process longer than this part of the limit does not count against the
/// nodes (`QuorumCall.WAIT_PROGRESS_INFO_THRESHOLD`).
const PAUSE_SHARE: f64 = 0.3;
/// Wake-ups per limit: a pause is told from waiting by a wake-up that comes late.
const WAKE_UPS: u32 = 10;

/// When to give a question up. Times are since any fixed moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    limit: Duration,
    end: Duration,
    wake_at: Duration,
}

impl Deadline {
    /// `limit` from `now` on.
    pub fn new(now: Duration, limit: Duration) -> Self {
        let end = now.saturating_add(limit);
        Self { limit, end, wake_at: (now + limit / WAKE_UPS).min(end) }
    }

    /// When to look again, at the latest.
    pub fn wake_at(&self) -> Duration {
        self.wake_at
    }

    /// Notes that it is `now`, and says whether the time is over. What this process slept away
    /// is added to the limit.
    pub fn is_over(&mut self, now: Duration) -> bool {
        let pause = now.saturating_sub(self.wake_at);
        if pause > self.limit.mul_f64(PAUSE_SHARE) {
            self.end = self.end.saturating_add(pause);
        }
        self.wake_at = (now + self.limit / WAKE_UPS).min(self.end);
        now >= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_ends_at_the_limit() {
        let mut deadline = Deadline::new(SECOND, 20 * SECOND);
        let mut now = SECOND;
        while !deadline.is_over(now) {
            assert!(deadline.wake_at() > now);
            now = deadline.wake_at();
        }
        assert_eq!(now, 21 * SECOND);
    }

    #[test]
    fn our_own_pause_does_not_count() {
        let mut deadline = Deadline::new(Duration::ZERO, 20 * SECOND);
        assert!(!deadline.is_over(30 * SECOND), "28 seconds were slept away");
        assert!(!deadline.is_over(32 * SECOND));
        assert!(!deadline.is_over(40 * SECOND));
        assert!(deadline.is_over(48 * SECOND));
    }
}
