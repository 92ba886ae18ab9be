use std::time::Instant;

use crate::engine::Time;

/// The monotonic clock of this host, as the engine counts it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    start: Instant,
}

impl Clock {
    /// A clock that begins at `start`: nothing that it is asked about may be older.
    pub(super) fn starting_at(start: Instant) -> Self {
        Self { start }
    }

    pub(super) fn now(&self) -> Time {
        self.at(Instant::now())
    }

    pub(super) fn at(&self, instant: Instant) -> Time {
        Time::from_start(instant.saturating_duration_since(self.start))
    }

    pub(super) fn instant(&self, time: Time) -> Instant {
        self.start + time.since(Time::default())
    }
}
