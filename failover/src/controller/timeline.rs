use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::types::NameNodeId;

/// One failover to the own NameNode, from its first sign to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// When it ended, in milliseconds since 1970.
    pub at_ms: u64,
    /// Who was active last, as the breadcrumb says; `None` if nobody.
    pub from: Option<NameNodeId>,
    /// Who was to be active.
    pub to: NameNodeId,
    /// What set it off.
    pub why: String,
    /// How it ended.
    pub outcome: Outcome,
    /// How long its parts took.
    pub phases: Phases,
    /// What was tried to fence the old active; `None` if there was nobody to fence.
    pub fencing: Option<String>,
    /// What fenced it.
    pub fenced_by: Option<String>,
}

/// How a failover ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The NameNode is active.
    Activated,
    /// It is not, and why.
    Failed(String),
}

/// How long the parts of a failover took. A part that was not reached took nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Phases {
    /// From the first sign (the lock became free, the join) to the lock being ours.
    pub lock: Duration,
    /// To the old active being gone, the breadcrumb read before.
    pub fence: Duration,
    /// To the breadcrumb being ours.
    pub breadcrumb: Duration,
    /// To the NameNode being active, or the end.
    pub transition: Duration,
    /// All of it.
    pub total: Duration,
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.from {
            Some(from) => write!(f, "failover from {from} to {}", self.to)?,
            None => write!(f, "failover to {}", self.to)?,
        }
        match &self.outcome {
            Outcome::Activated => f.write_str(" done")?,
            Outcome::Failed(why) => write!(f, " failed ({why})")?,
        }
        let Phases { lock, fence, breadcrumb, transition, total } = self.phases;
        let ms = |part: Duration| part.as_millis();
        write!(
            f,
            " in {} ms: lock {} ms, fencing {} ms, breadcrumb {} ms, transition {} ms; because {}",
            ms(total),
            ms(lock),
            ms(fence),
            ms(breadcrumb),
            ms(transition),
            self.why
        )
    }
}
