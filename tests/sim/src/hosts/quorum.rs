use std::time::Duration;

use hadoop_ipc::client::{ClientOptions, Target};
use journalnode::quorum::{NamespaceInfo, QuorumOptions, Timeouts};
use journalnode::types::{JournalId, LayoutVersion, StorageInfo};

use super::Host;

/// How many JournalNodes there are.
pub(crate) const NODES: usize = 3;
/// The journal that they keep.
pub(crate) const JOURNAL: &str = "j";
/// Where its directory is on every disk: under a directory that real machines have too, since
/// that is checked.
pub(crate) const ROOT: &str = "/tmp/j";
pub(super) const RPC_PORT: u16 = 8485;
pub(super) const HTTP_PORT: u16 = 8480;

pub(super) fn journal() -> Result<JournalId, journalnode::types::BadJournalId> {
    JournalId::new(JOURNAL)
}

pub(super) fn targets() -> Vec<Target> {
    let target = |index| Target::new(Host::Node(index).address().to_string(), RPC_PORT);
    (0..NODES).map(target).collect()
}

pub(super) fn namespace() -> NamespaceInfo {
    NamespaceInfo::of_storage(StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: 1907,
        cluster_id: "CID-simulated".to_owned(),
        c_time: 0,
    })
}

/// Hadoop's limits, shortened alike: simulated seconds are not free.
pub(super) fn options() -> QuorumOptions {
    let (slow, fast) = (Duration::from_secs(4), Duration::from_secs(1));
    let defaults = QuorumOptions::default();
    QuorumOptions {
        user: Some("hdfs".to_owned()),
        timeouts: Timeouts {
            journal_state: slow,
            new_epoch: slow,
            prepare_recovery: slow,
            accept_recovery: slow,
            start_segment: fast,
            write: fast,
            finalize: slow,
            read: fast,
            administration: slow,
            http_open: fast,
            http_read: fast,
        },
        queued_edits_limit_bytes: 64 * 1024,
        max_txns_per_read: 50,
        connect_retries: 2,
        connect_retry_interval: Duration::from_millis(100),
        client: ClientOptions {
            connect_timeout: Duration::from_millis(500),
            call_timeout: slow,
            ping_interval: Duration::from_secs(2),
            max_idle: Duration::from_secs(1),
            ..defaults.client
        },
        ..defaults
    }
}
