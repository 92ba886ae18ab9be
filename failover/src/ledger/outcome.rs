use std::fmt;

use serde::{Deserialize, Serialize};

/// How a failover ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The NameNode is active.
    Activated,
    /// It is not, and why.
    Failed(String),
}

impl Outcome {
    /// Whether it is active.
    pub fn is_activated(&self) -> bool {
        *self == Self::Activated
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Activated => f.write_str("active"),
            Self::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}
