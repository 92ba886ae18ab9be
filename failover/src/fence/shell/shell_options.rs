use std::time::Duration;

use super::CommaRule;

/// How `shell(…)` runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellOptions {
    /// A command still running after this is killed with all it started, and has not fenced. Java
    /// waits for ever.
    pub deadline: Option<Duration>,
    /// What a comma means.
    pub comma: CommaRule,
    /// Whether properties that look like secrets are given to the command, as Java does.
    pub export_secrets: bool,
}

impl ShellOptions {
    /// Longer than a power switch takes, and short of for ever.
    pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(300);
}

impl Default for ShellOptions {
    fn default() -> Self {
        Self {
            deadline: Some(Self::DEFAULT_DEADLINE),
            comma: CommaRule::default(),
            export_secrets: true,
        }
    }
}
