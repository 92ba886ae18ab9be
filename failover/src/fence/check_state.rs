use std::fmt;

/// How one thing is that fencing depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckState {
    /// As it should be.
    Good,
    /// Could not be found out, or works by a detour.
    Doubtful,
    /// Fencing by this method would fail.
    Bad,
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Good => "ok",
            Self::Doubtful => "doubtful",
            Self::Bad => "BAD",
        })
    }
}
