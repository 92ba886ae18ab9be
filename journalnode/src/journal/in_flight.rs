use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What a journal's owner waits for right now: an effect that the disk has not finished.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<Option<Running>>);

/// An effect that is being made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// When it began.
    pub since: Instant,
    /// What it is, for log lines.
    pub what: &'static str,
}

impl InFlight {
    /// Notes that an effect begins; it ends when the answer is dropped.
    pub(super) fn begin(&self, what: &'static str) -> Ending<'_> {
        self.set(Some(Running { since: Instant::now(), what }));
        Ending(self)
    }

    pub(super) fn now(&self) -> Option<Running> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, running: Option<Running>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = running;
    }
}

/// Ends what [`InFlight::begin`] began, a panic included.
pub(super) struct Ending<'a>(&'a InFlight);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}
