use super::CheckState;

/// One row of the dry run of a fencing method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// The method, as it is configured.
    pub method: String,
    /// What was looked at: a key, the login, a tool, ….
    pub subject: String,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl CheckResult {
    pub(super) fn good(method: &str, subject: &str, found: impl Into<String>) -> Self {
        Self::of(method, subject, CheckState::Good, found.into(), None)
    }

    pub(super) fn doubtful(
        method: &str,
        subject: &str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::of(method, subject, CheckState::Doubtful, found.into(), Some(remedy.into()))
    }

    pub(super) fn bad(
        method: &str,
        subject: &str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::of(method, subject, CheckState::Bad, found.into(), Some(remedy.into()))
    }

    fn of(
        method: &str,
        subject: &str,
        state: CheckState,
        found: String,
        remedy: Option<String>,
    ) -> Self {
        Self { method: method.to_owned(), subject: subject.to_owned(), state, found, remedy }
    }
}
