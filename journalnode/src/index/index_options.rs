use std::path::PathBuf;

/// Where the index is, and how fast it is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexOptions {
    /// `dfs.journalnode.index.dir`; `None` for no index.
    pub directory: Option<PathBuf>,
    /// `dfs.journalnode.index.bandwidthPerSec`: bytes of edits that are read per second for it;
    /// `None` for as fast as it goes.
    pub bandwidth: Option<u64>,
}
