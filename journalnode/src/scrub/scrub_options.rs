use std::time::Duration;

/// How finished segments are checked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScrubOptions {
    /// `dfs.journalnode.scrub.interval`: how old a check may get; `None` for never by itself.
    pub interval: Option<Duration>,
    /// `dfs.journalnode.scrub.bandwidthPerSec`: bytes that all scrubs of the process read per
    /// second; `None` for as fast as it goes.
    pub bandwidth: Option<u64>,
}
