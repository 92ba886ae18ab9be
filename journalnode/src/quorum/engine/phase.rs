use std::fmt;

/// Where a writer is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It has asked for nothing yet.
    New,
    /// It looks for an epoch above every other.
    Negotiating,
    /// It finishes what the writer before it left.
    Recovering,
    /// It writes.
    Streaming,
    /// A newer writer took over. There is no way back.
    Fenced,
    /// A quorum was lost, so nobody knows what is in the log until the next recovery.
    Failed,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "not open",
            Self::Negotiating => "negotiating",
            Self::Recovering => "recovering",
            Self::Streaming => "streaming",
            Self::Fenced => "fenced",
            Self::Failed => "failed",
        })
    }
}
