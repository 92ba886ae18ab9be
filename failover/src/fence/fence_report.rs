use std::fmt;
use std::time::Duration;

use super::Outcome;

/// What came of fencing one NameNode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FenceReport {
    /// The method that succeeded.
    pub fenced_by: Option<String>,
    /// All that were tried, in order.
    pub attempts: Vec<MethodAttempt>,
}

/// One method's try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodAttempt {
    /// The method, as it is configured.
    pub method: String,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it ran.
    pub took: Duration,
}

impl FenceReport {
    /// Whether the NameNode is gone.
    pub fn is_fenced(&self) -> bool {
        self.fenced_by.is_some()
    }
}

impl fmt::Display for MethodAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} ms): {}", self.method, self.took.as_millis(), self.outcome)
    }
}

impl fmt::Display for FenceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attempt) in self.attempts.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{attempt}")?;
        }
        Ok(())
    }
}
