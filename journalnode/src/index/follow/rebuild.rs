use std::time::{Duration, Instant};

use tracing::info;

use crate::index::IndexState;

/// Fewer missing segments than this are read without a word.
const MANY: u64 = 8;
/// How often the log tells how far it is.
const TELL: Duration = Duration::from_secs(10);

/// How far the index is with what it had not read when it was opened.
#[derive(Debug)]
pub(super) struct Rebuild {
    done: u64,
    begun: Instant,
    told: Instant,
}

impl Rebuild {
    /// Whether so many missing segments are worth one.
    pub(super) fn is_worth(missing: u64, is_new: bool) -> bool {
        missing >= MANY || (missing > 0 && is_new)
    }

    pub(super) fn begin(missing: u64) -> Self {
        info!("index: reading {missing} finished segments");
        let now = Instant::now();
        Self { done: 0, begun: now, told: now }
    }

    pub(super) fn read_one(&mut self) {
        self.done += 1;
    }

    /// How far it is, logged now and then.
    pub(super) fn state(&mut self, missing: u64) -> IndexState {
        let (done, of) = (self.done, self.done + missing);
        if self.told.elapsed() >= TELL {
            self.told = Instant::now();
            info!("index: {done} of {of} finished segments read");
        }
        IndexState::Rebuilding { done, of }
    }

    pub(super) fn end(self) {
        let (done, took) = (self.done, self.begun.elapsed());
        info!("index: complete, {done} finished segments read in {took:.1?}");
    }
}
