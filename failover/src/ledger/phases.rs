use serde::{Deserialize, Serialize};

/// How long each part of a failover took, in milliseconds. `None`: it was not come to, or
/// whoever recorded it cannot know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phases {
    /// From learning that the lock is free, or being asked to take over, to holding it. When the
    /// old active failed the winner cannot know: the controller that left the election logged it.
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
