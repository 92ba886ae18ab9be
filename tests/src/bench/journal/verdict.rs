use std::fmt;

/// What can be said of a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Met, even if the noise was all in our favour.
    Met,
    /// Missed, even if the noise was all against us.
    Missed,
    /// One or the other: the noise is larger than the distance to the goal.
    InsideNoise,
    /// Java's does not do it at all, and ours does.
    JavaFails,
    /// There is no goal.
    Shown,
    /// Something is not measured, or only once.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::Missed => "MISSED",
            Self::InsideNoise => "inside the noise",
            Self::JavaFails => "met: Java fails",
            Self::Shown => "",
            Self::Unknown => "no verdict",
        })
    }
}
