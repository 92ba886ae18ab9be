//! Names of the keys, as Hadoop's `DFSConfigKeys` has them; those of our own say so.

pub(super) const EDITS_DIR: &str = "dfs.journalnode.edits.dir";
pub(super) const EDITS_DIR_PERM: &str = "dfs.journalnode.edits.dir.perm";
/// Where the RPC server listens.
pub const RPC_ADDRESS: &str = "dfs.journalnode.rpc-address";
/// Replaces the host of [`RPC_ADDRESS`].
pub const RPC_BIND_HOST: &str = "dfs.journalnode.rpc-bind-host";
/// Where the HTTP server listens.
pub const HTTP_ADDRESS: &str = "dfs.journalnode.http-address";
/// Replaces the host of [`HTTP_ADDRESS`].
pub const HTTP_BIND_HOST: &str = "dfs.journalnode.http-bind-host";
pub(super) const HTTP_POLICY: &str = "dfs.http.policy";
pub(super) const HANDLER_COUNT: &str = "dfs.journalnode.handler.count";
pub(super) const CACHE_SIZE: &str = "dfs.journalnode.edit-cache-size.bytes";
pub(super) const CACHE_FRACTION: &str = "dfs.journalnode.edit-cache-size.fraction";
/// How often a standby asks for edits: of the NameNode, from the same file.
pub(super) const TAIL_PERIOD: &str = "dfs.ha.tail-edits.period";
pub(super) const TAIL_IN_PROGRESS: &str = "dfs.ha.tail-edits.in-progress";
pub(super) const NO_CHANNEL_FLUSH: &str = "dfs.namenode.edits.noeditlogchannelflush";
pub(super) const TRANSFER_TIMEOUT: &str = "dfs.image.transfer.timeout";
pub(super) const TRANSFER_BANDWIDTH: &str = "dfs.image.transfer.bandwidthPerSec";
pub(super) const AUTHENTICATION: &str = "hadoop.security.authentication";

pub(super) const ENABLE_SYNC: &str = "dfs.journalnode.enable.sync";
pub(super) const SYNC_INTERVAL: &str = "dfs.journalnode.sync.interval";
pub(super) const EDITS_TRANSFER_TIMEOUT: &str = "dfs.edit.log.transfer.timeout";
pub(super) const EDITS_TRANSFER_BANDWIDTH: &str = "dfs.edit.log.transfer.bandwidthPerSec";
/// Of Hadoop 3.5.0, where it is off: there one peer's word is enough.
pub(super) const SYNC_FORMAT: &str = "dfs.journalnode.enable.sync.format";
pub(super) const NEW_EPOCH_TIMEOUT: &str = "dfs.qjournal.new-epoch.timeout.ms";
pub(super) const ACCEPT_RECOVERY_TIMEOUT: &str = "dfs.qjournal.accept-recovery.timeout.ms";

/// Our own: how long a blank node waits before it asks its peers what it may have promised.
/// By default as long as a writer waits for the answers to an election or a recovery.
pub(super) const SYNC_FORMAT_WAIT: &str = "dfs.journalnode.sync.format.wait";

pub(super) const LOG_ROLL_PERIOD: &str = "dfs.ha.log-roll.period";
/// Our own: after how long a silence of all writers a journal counts as idle. By default twice
/// the time after which a standby has the writer start a new segment on all nodes.
pub(super) const IDLE_AFTER: &str = "dfs.journalnode.ready.idle-after";

/// Our own: how old the last check of a finished segment may get; 0 for no checks.
pub(super) const SCRUB_INTERVAL: &str = "dfs.journalnode.scrub.interval";
/// Our own: how much all checks of the process read per second, in bytes; 0 for no limit.
pub(super) const SCRUB_BANDWIDTH: &str = "dfs.journalnode.scrub.bandwidthPerSec";

/// Our own: where the index is, or `off`. By default beside the edits directory.
pub(super) const INDEX_DIR: &str = "dfs.journalnode.index.dir";
/// Our own: how much is read per second to build the index, in bytes; 0 for no limit.
pub(super) const INDEX_BANDWIDTH: &str = "dfs.journalnode.index.bandwidthPerSec";

/// Our own: where the inspection service listens; `off` for nowhere.
pub const INSPECT_ADDRESS: &str = "dfs.journalnode.inspect-address";
/// Our own: PEM files of the inspection service's mutual TLS; all three or none.
pub(super) const INSPECT_TLS_CERTIFICATE: &str = "dfs.journalnode.inspect.tls.certificate";
pub(super) const INSPECT_TLS_KEY: &str = "dfs.journalnode.inspect.tls.key";
pub(super) const INSPECT_TLS_CLIENT_CA: &str = "dfs.journalnode.inspect.tls.client-ca";

/// Our own: what must stay free in an edits directory for a new segment to start, in bytes.
pub(super) const RESERVE: &str = "dfs.journalnode.free-space.reserve.bytes";
/// 64 MiB: some segments' worth, so that those that are open can still grow.
pub(super) const DEFAULT_RESERVE_BYTES: i64 = 64 << 20;
