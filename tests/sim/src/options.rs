use std::time::Duration;

use crate::Flaw;

/// What a run is like, apart from what its seed chooses.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long faults happen, in simulated time.
    pub safety: Duration,
    /// How long the healed cluster may take to get on and to converge, in simulated time.
    pub patience: Duration,
    /// A known bug to run with.
    pub flaw: Option<Flaw>,
}

impl Default for Options {
    fn default() -> Self {
        Self { safety: Duration::from_secs(20), patience: Duration::from_secs(90), flaw: None }
    }
}
