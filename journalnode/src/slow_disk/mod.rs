//! Names a disk that does not come back while it is not coming back, long before the NameNode's
//! patience ends (20 seconds, `dfs.qjournal.write-txns.timeout.ms`).

mod alarm;
mod mount;
mod slow_disk_watch;

pub use slow_disk_watch::SlowDiskWatch;
