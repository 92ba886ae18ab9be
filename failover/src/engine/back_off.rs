use std::time::Duration;

/// Waits that double from one try to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct BackOff {
    failures: u32,
}

impl BackOff {
    pub(super) const FIRST: Duration = Duration::from_secs(1);
    pub(super) const LONGEST: Duration = Duration::from_secs(30);

    pub(super) fn new() -> Self {
        Self { failures: 0 }
    }

    /// One more failure: how long to wait now.
    pub(super) fn next(&mut self) -> Duration {
        let wait = Self::FIRST.saturating_mul(1 << self.failures.min(16)).min(Self::LONGEST);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_one_second_to_thirty() {
        let mut back_off = BackOff::new();
        let waits: Vec<u64> = (0..7).map(|_| back_off.next().as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        back_off.reset();
        assert_eq!(back_off.next(), BackOff::FIRST);
    }
}
