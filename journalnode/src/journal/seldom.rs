use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long nothing more is told after a line.
const PAUSE: Duration = Duration::from_secs(10);

/// Keeps a line that every request could cause from filling the log.
#[derive(Debug, Default)]
pub(super) struct Seldom(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    last: Option<Instant>,
    untold: u64,
}

impl Seldom {
    /// Whether to tell it now: then how often it was not told since the last time.
    pub(super) fn tell(&self, now: Instant) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            told.untold += 1;
            return None;
        }
        let untold = std::mem::take(&mut told.untold);
        told.last = Some(now);
        Some(untold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_once_in_a_while_with_how_often_it_was_not() {
        let (seldom, start) = (Seldom::default(), Instant::now());
        let tell = |seconds| seldom.tell(start + Duration::from_secs(seconds));
        assert_eq!(
            [tell(0), tell(1), tell(9), tell(10), tell(21)],
            [Some(0), None, None, Some(2), Some(0)]
        );
    }
}
