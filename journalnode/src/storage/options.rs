use std::time::SystemTime;

/// How a journal's storage behaves.
#[derive(Clone, Copy, Debug)]
pub struct StorageOptions {
    /// Permission bits of a freshly formatted `current` (`dfs.journalnode.edits.dir.perm`).
    pub permission: u32,
    /// Whether segments are opened with `O_DSYNC` and never synced
    /// (`dfs.namenode.edits.noeditlogchannelflush`).
    pub sync_on_write: bool,
    /// The time for the comment in VERSION; a simulation hands in its own.
    pub now: fn() -> SystemTime,
}

impl Default for StorageOptions {
    fn default() -> Self {
        Self { permission: 0o700, sync_on_write: false, now: SystemTime::now }
    }
}
