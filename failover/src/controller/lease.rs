use std::time::{Duration, Instant};

use crate::lock::LockSession;

/// The part of a session's timeout that is left out of its lease, as in the engine.
const MARGIN_PARTS: u32 = 10;

/// What is certainly left of a session: until then nobody else can have the lock.
pub(super) fn left(session: &dyn LockSession, now: Instant) -> Duration {
    let timeout = session.timeout();
    let silent = now.saturating_duration_since(session.last_contact());
    timeout.saturating_sub(timeout / MARGIN_PARTS).saturating_sub(silent)
}

pub(super) fn is_left(session: &dyn LockSession) -> bool {
    !left(session, Instant::now()).is_zero()
}
