use std::fmt;

/// One row of the doctor's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which part of the whole.
    pub area: &'static str,
    /// What was looked at.
    pub subject: String,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Could not be found out from here.
    Unknown,
    /// Works, and could be better or safer.
    Doubtful,
    /// A failover would fail, or not happen.
    Bad,
}

impl Finding {
    pub(super) fn good(area: &'static str, subject: impl ToString, found: impl ToString) -> Self {
        Self::of(area, &subject, Verdict::Good, &found, None)
    }

    pub(super) fn unknown(
        area: &'static str,
        subject: impl ToString,
        found: impl ToString,
    ) -> Self {
        Self::of(area, &subject, Verdict::Unknown, &found, None)
    }

    pub(super) fn doubtful(
        area: &'static str,
        subject: impl ToString,
        found: impl ToString,
        remedy: impl ToString,
    ) -> Self {
        Self::of(area, &subject, Verdict::Doubtful, &found, Some(remedy.to_string()))
    }

    pub(super) fn bad(
        area: &'static str,
        subject: impl ToString,
        found: impl ToString,
        remedy: impl ToString,
    ) -> Self {
        Self::of(area, &subject, Verdict::Bad, &found, Some(remedy.to_string()))
    }

    fn of(
        area: &'static str,
        subject: &impl ToString,
        verdict: Verdict,
        found: &impl ToString,
        remedy: Option<String>,
    ) -> Self {
        let (subject, found) = (subject.to_string(), found.to_string());
        Self { area, subject, verdict, found, remedy }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Good => "ok",
            Self::Unknown => "unknown",
            Self::Doubtful => "doubtful",
            Self::Bad => "BAD",
        })
    }
}
