use std::path::PathBuf;

/// The index at one moment, for people and monitoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexStatus {
    /// Whether it answers.
    pub state: IndexState,
    /// Where it is; `None` without one, or if it is in memory only.
    pub directory: Option<PathBuf>,
    /// About how much it takes, in bytes.
    pub size_bytes: u64,
    /// About how many keys it has.
    pub entries: u64,
    /// Finished segments that it knows.
    pub segments: u64,
    /// Questions for a position or a checkpoint that it had an answer to.
    pub hits: u64,
    /// Those that it had none to.
    pub misses: u64,
    /// How often it was begun anew, since the process started.
    pub rebuilds: u64,
    /// Events that were not recorded, because too many came at once or there was no index.
    pub events_dropped: u64,
}

/// Whether the index answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexState {
    /// There is none, and why.
    Off(String),
    /// It is being opened.
    Opening,
    /// It answers for what it has read so far.
    Rebuilding {
        /// Finished segments that it has read.
        done: u64,
        /// Finished segments that it has to read.
        of: u64,
    },
    /// It is complete, but for what was written a moment ago.
    Ready,
}

impl IndexState {
    /// One word, for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Off(_) => "off",
            Self::Opening => "opening",
            Self::Rebuilding { .. } => "rebuilding",
            Self::Ready => "ready",
        }
    }

    /// Finished segments that the rebuild under way has read, and has to read; 0 of 0 without one.
    pub fn rebuilt(&self) -> [u64; 2] {
        match self {
            Self::Rebuilding { done, of } => [*done, *of],
            _ => [0, 0],
        }
    }
}
