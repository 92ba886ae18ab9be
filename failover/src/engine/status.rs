use std::time::Duration;

use super::{ElectorState, OwnerId};
use crate::types::{ActiveNode, Health, ServiceState};

/// How a controller stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where it stands in the election.
    pub elector: ElectorState,
    /// Whether it takes part.
    pub in_election: bool,
    /// The session with ZooKeeper, if there is one.
    pub session: Option<OwnerId>,
    /// Whether that session is connected.
    pub connected: bool,
    /// The own NameNode's health.
    pub health: Health,
    /// What the own NameNode was told to be.
    pub service_state: ServiceState,
    /// What it said last.
    pub reported: Option<ServiceState>,
    /// How long it stays out of the election.
    pub delay_left: Duration,
    /// Whether a person paused it.
    pub paused: bool,
    /// The old active that cannot be fenced.
    pub stuck: Option<Stuck>,
    /// Activations within the window of the flap guard.
    pub recent_activations: usize,
}

/// A fencing that does not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// The old active.
    pub node: ActiveNode,
    /// Since the first failed attempt.
    pub stuck_for: Duration,
    /// Attempts that failed.
    pub attempts: u32,
    /// Whether it has gone on so long that a person should look.
    pub alarm: bool,
}
