use std::time::Duration;

use crate::types::{Health, ServiceState};

/// What one look at a NameNode came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthReport {
    /// How it is.
    pub health: Health,
    /// The health is another than in the report before. Looks that find a NameNode still not
    /// responding are not reported.
    pub changed: bool,
    /// What it said it is; `None` if it did not say.
    pub state: Option<ServiceState>,
    /// Why it would not become active, if it said so.
    pub not_ready_reason: Option<String>,
    /// Why it is not healthy, in one line; empty if it is.
    pub why: String,
    /// Time from the first sign (the connection broke, or the failing call began) to this report.
    pub detected_after: Duration,
}
