use std::fmt::Display;

use serde::{Serialize, Serializer};

use crate::types::{ActiveNode, Health, NameNodeId, ServiceState};

/// How a controller stands, as `/status` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct ControllerStatus {
    /// The NameNode it controls.
    #[serde(serialize_with = "text")]
    pub namenode: NameNodeId,
    /// Where it stands in the election: `INIT`, `ACTIVE`, `STANDBY` or `NEUTRAL`.
    pub elector: &'static str,
    /// It takes part in the election.
    pub in_election: bool,
    /// A person paused it.
    pub paused: bool,
    /// The session with ZooKeeper; `None` if there is none.
    pub session: Option<SessionStatus>,
    /// Who holds the lock, as far as is known.
    #[serde(serialize_with = "optional_text")]
    pub lock_owner: Option<ActiveNode>,
    /// How its NameNode is.
    #[serde(serialize_with = "text")]
    pub health: Health,
    /// Why it is not healthy, or empty.
    pub health_reason: String,
    /// What its NameNode was told to be, or was found to be.
    #[serde(serialize_with = "text")]
    pub service_state: ServiceState,
    /// What its NameNode said last.
    #[serde(serialize_with = "optional_text")]
    pub reported_state: Option<ServiceState>,
    /// How long it stays out of the election, in seconds.
    pub delay_remaining_seconds: f64,
    /// An old active that cannot be fenced.
    pub stuck_fencing: Option<StuckFencing>,
    /// Seconds since this controller wrote the breadcrumb; `None` unless it is active, for then
    /// another may have written it.
    pub breadcrumb_age_seconds: Option<f64>,
    /// The last failovers it took part in, the latest first.
    pub failovers: Vec<FailoverSummary>,
    /// What it did since it started.
    pub counters: Counters,
}

/// A session with ZooKeeper.
#[derive(Clone, Debug, Serialize)]
pub struct SessionStatus {
    /// `0x` and the number, as ZooKeeper's tools print it.
    pub id: String,
    /// Connected now. A session lives on for its timeout without a connection.
    pub connected: bool,
    /// Time since it was opened, in seconds.
    pub age_seconds: f64,
    /// What is certainly left of it, in seconds: it counts from the last answer.
    pub lease_remaining_seconds: f64,
}

/// A fencing that does not succeed: nobody is active until it does.
#[derive(Clone, Debug, Serialize)]
pub struct StuckFencing {
    /// The old active.
    #[serde(serialize_with = "text")]
    pub target: ActiveNode,
    /// Time since the first failed attempt, in seconds.
    pub since_seconds: f64,
    /// Attempts that failed.
    pub attempts: u32,
    /// Why the last one did.
    pub reason: String,
    /// What a person can do about it.
    pub what_to_do: String,
}

/// One failover, in short.
#[derive(Clone, Debug, Serialize)]
pub struct FailoverSummary {
    /// When it ended, in milliseconds since 1970.
    pub at_ms: u64,
    /// Who was active; `None` if nobody.
    pub from: Option<String>,
    /// Who was to be active.
    pub to: String,
    /// Why.
    pub reason: String,
    /// How the old active was fenced; `None` if there was nothing to fence.
    pub fenced_by: Option<String>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// It succeeded.
    pub ok: bool,
}

/// What a controller did since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Its NameNode became active.
    pub activations: u64,
    /// Its NameNode was to become active and did not.
    pub failed_activations: u64,
    /// An old active was fenced.
    pub fencings: u64,
    /// Attempts to fence that failed.
    pub failed_fencings: u64,
    /// Another asked it to cede.
    pub cedes: u64,
    /// It was asked for a graceful failover.
    pub graceful_failovers: u64,
    /// Sessions that expired.
    pub expired_sessions: u64,
    /// Changes of its NameNode's health.
    pub health_changes: u64,
    /// Its NameNode was not what it was told to be.
    pub state_mismatches: u64,
}

fn text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn optional_text<S: Serializer, T: Display>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
