use std::time::Duration;

use crate::types::Health;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// What is settled now, and why; `None` while it is being looked into.
    pub(super) settled: Option<Settled>,
    pub(super) then: Then,
}

/// A conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) health: Health,
    pub(super) changed: bool,
    pub(super) why: String,
}

/// The next thing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// A whole look, after this pause.
    Look(Duration),
    /// A bare connect, after this pause.
    Probe(Duration),
}
