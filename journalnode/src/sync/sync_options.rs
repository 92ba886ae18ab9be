use std::time::Duration;

/// How to keep up with the other JournalNodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncOptions {
    /// `dfs.journalnode.enable.sync`.
    pub enabled: bool,
    /// `dfs.journalnode.sync.interval`: time between two looks at a peer.
    pub interval: Duration,
    /// `dfs.edit.log.transfer.timeout`: how long to wait for a peer that sends a segment.
    pub transfer_timeout: Duration,
    /// `dfs.edit.log.transfer.bandwidthPerSec`, in bytes; `None` for as fast as it goes.
    pub bandwidth: Option<u64>,
    /// `dfs.journalnode.free-space.reserve.bytes`: what no download may use up.
    pub reserve_bytes: u64,
    /// `dfs.journalnode.enable.sync.format`: whether a blank node rejoins by itself.
    pub rejoin: bool,
    /// How long a blank node waits before it asks what it may have promised: no writer may
    /// still count an answer that this node gave before it lost its directory.
    pub settle: Duration,
}
