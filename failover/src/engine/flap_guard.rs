use std::time::Duration;

/// Keeps a node from winning again and again.
///
/// A node that has become active more than `activations` times within `window` lets others go
/// first: it waits before it reaches for a free lock, `first_wait` and then twice as long with
/// each activation more, at most `longest_wait`. So a first failover is never slowed, and if
/// nobody else takes the lock this node takes it at the end of the wait: it never stays free.
/// What a person asks for (graceful failover) neither waits nor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlapGuard {
    /// So many are no flapping.
    pub activations: usize,
    /// What counts.
    pub window: Duration,
    /// The wait of the first activation too many.
    pub first_wait: Duration,
    /// The bound of the wait.
    pub longest_wait: Duration,
}

impl Default for FlapGuard {
    fn default() -> Self {
        Self {
            activations: 3,
            window: Duration::from_secs(600),
            first_wait: Duration::from_secs(5),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl FlapGuard {
    /// How long to let others go first after so many activations.
    pub fn wait(&self, recent: usize) -> Duration {
        let Some(doublings) = recent.checked_sub(self.activations + 1) else {
            return Duration::ZERO;
        };
        let factor = 1 << doublings.min(16);
        self.first_wait.saturating_mul(factor).min(self.longest_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_activation_too_many_waits_and_the_wait_has_a_bound() {
        let guard = FlapGuard::default();
        let waits: Vec<u64> =
            [0, 1, 3, 4, 5, 6, 7, 8, 99].map(|n| guard.wait(n).as_secs()).to_vec();
        assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40, 60, 60]);
    }
}
