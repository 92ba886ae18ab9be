use serde::{Deserialize, Serialize};

/// How long each part of a failover took, in milliseconds. `None`: it was not come to, or
/// whoever recorded it cannot know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phases {
    /// From the last sign of life of the old active to knowing that it is gone.
    pub detected_ms: Option<u64>,
    /// Getting the lock.
    pub lock_ms: Option<u64>,
    /// Fencing.
    pub fence_ms: Option<u64>,
    /// Writing the breadcrumb.
    pub breadcrumb_ms: Option<u64>,
    /// The NameNode's transition.
    pub transition_ms: Option<u64>,
    /// All together.
    pub total_ms: u64,
}
