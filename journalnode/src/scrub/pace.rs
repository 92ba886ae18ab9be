use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::throttle::Throttle;

/// How fast all scrubs of the process read together, or the index does, and whether they are to
/// end.
#[derive(Debug)]
pub(crate) struct Pace {
    throttle: Option<Mutex<Throttle>>,
    stopped: Mutex<bool>,
    wake: Condvar,
}

/// The process is ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

impl Pace {
    pub(crate) fn new(bytes_per_second: Option<u64>) -> Self {
        let throttle = bytes_per_second.map(|rate| Mutex::new(Throttle::new(rate, Instant::now())));
        Self { throttle, stopped: Mutex::new(false), wake: Condvar::new() }
    }

    /// Takes that so many bytes were read, and waits until more may be. Blocks the thread.
    pub(crate) fn took(&self, bytes: usize) -> Result<(), Stopped> {
        let wait = self.throttle.as_ref().map_or(Duration::ZERO, |throttle| {
            throttle.lock().unwrap_or_else(PoisonError::into_inner).sent(bytes, Instant::now())
        });
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(stopped, wait, |stopped| !*stopped);
        let (stopped, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *stopped { Err(Stopped) } else { Ok(()) }
    }

    /// Ends every wait, now and later.
    pub(crate) fn stop(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_scrub_ends_at_once_when_told_to() {
        let pace = Pace::new(Some(1));
        std::thread::scope(|scope| {
            // At one byte a second this would take eleven days.
            let reading = scope.spawn(|| pace.took(1_000_000));
            pace.stop();
            assert_eq!(reading.join().unwrap(), Err(Stopped));
        });
        assert_eq!(pace.took(0), Err(Stopped));
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        assert_eq!(Pace::new(None).took(usize::MAX), Ok(()));
    }
}
