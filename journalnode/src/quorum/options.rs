use std::time::Duration;

use hadoop_ipc::client::ClientOptions;
use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};

use super::engine::Operation;

const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
const VERSION: u64 = 1;
const MIB: usize = 1024 * 1024;

/// How long a majority may take, by what is asked (`dfs.qjournal.*.timeout.ms`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// `dfs.qjournal.get-journal-state.timeout.ms`.
    pub journal_state: Duration,
    /// `dfs.qjournal.new-epoch.timeout.ms`.
    pub new_epoch: Duration,
    /// `dfs.qjournal.prepare-recovery.timeout.ms`.
    pub prepare_recovery: Duration,
    /// `dfs.qjournal.accept-recovery.timeout.ms`.
    pub accept_recovery: Duration,
    /// `dfs.qjournal.start-segment.timeout.ms`.
    pub start_segment: Duration,
    /// `dfs.qjournal.write-txns.timeout.ms`.
    pub write: Duration,
    /// `dfs.qjournal.finalize-segment.timeout.ms`.
    pub finalize: Duration,
    /// `dfs.qjournal.select-input-streams.timeout.ms`.
    pub read: Duration,
    /// `dfs.qjm.operations.timeout`: what all nodes must do.
    pub administration: Duration,
    /// `dfs.qjournal.http.open.timeout.ms`.
    pub http_open: Duration,
    /// `dfs.qjournal.http.read.timeout.ms`: for each next piece of a segment.
    pub http_read: Duration,
}

/// Every limit of a quorum client, with Hadoop's keys and defaults.
#[derive(Clone, Debug)]
pub struct QuorumOptions {
    /// Whom to be.
    pub user: Option<String>,
    /// `nameServiceId` of every request; a node with directories per nameservice goes by it.
    pub name_service_id: Option<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// Edits that may wait for one node (`dfs.qjournal.queued-edits.limit.mb`).
    pub queued_edits_limit_bytes: usize,
    /// Most transactions of one read (`dfs.ha.tail-edits.qjm.rpc.max-txns`).
    pub max_txns_per_read: u32,
    /// A read from a file ends with the operation that goes beyond this. Our own.
    pub max_bytes_per_read: usize,
    /// Reads of one node at a time (`dfs.qjournal.parallel-read.num-threads`).
    pub parallel_reads: usize,
    /// How often a node that cannot be connected to is tried again before a call fails
    /// (`ipc.client.connect.max.retries`).
    pub connect_retries: u32,
    /// How long to wait in between (`ipc.client.connect.retry.interval`).
    pub connect_retry_interval: Duration,
    /// The connection to each node.
    pub client: ClientOptions,
}

impl Default for Timeouts {
    fn default() -> Self {
        let (slow, fast) = (Duration::from_secs(120), Duration::from_secs(20));
        let http = Duration::from_secs(60);
        Self {
            journal_state: slow,
            new_epoch: slow,
            prepare_recovery: slow,
            accept_recovery: slow,
            start_segment: fast,
            write: fast,
            finalize: slow,
            read: fast,
            administration: Duration::from_secs(60),
            http_open: http,
            http_read: http,
        }
    }
}

impl Default for QuorumOptions {
    fn default() -> Self {
        Self {
            user: None,
            name_service_id: None,
            timeouts: Timeouts::default(),
            queued_edits_limit_bytes: 10 * MIB,
            max_txns_per_read: 5000,
            max_bytes_per_read: 64 * MIB,
            parallel_reads: 5,
            connect_retries: 10,
            connect_retry_interval: Duration::from_secs(1),
            client: ClientOptions::new(PROTOCOL, VERSION, None),
        }
    }
}

impl Timeouts {
    /// Reads Hadoop's keys.
    pub fn from_configuration(conf: &Configuration) -> Result<Self, ConfError> {
        let defaults = Self::default();
        let read = |name: &str, default| {
            let key = format!("dfs.qjournal.{name}.timeout.ms");
            conf.duration_or(&key, TimeUnit::Milliseconds, default)
        };
        Ok(Self {
            journal_state: read("get-journal-state", defaults.journal_state)?,
            new_epoch: read("new-epoch", defaults.new_epoch)?,
            prepare_recovery: read("prepare-recovery", defaults.prepare_recovery)?,
            accept_recovery: read("accept-recovery", defaults.accept_recovery)?,
            start_segment: read("start-segment", defaults.start_segment)?,
            write: read("write-txns", defaults.write)?,
            finalize: read("finalize-segment", defaults.finalize)?,
            read: read("select-input-streams", defaults.read)?,
            administration: conf.duration_or(
                "dfs.qjm.operations.timeout",
                TimeUnit::Milliseconds,
                defaults.administration,
            )?,
            http_open: read("http.open", defaults.http_open)?,
            http_read: read("http.read", defaults.http_read)?,
        })
    }

    /// How long this may take.
    pub fn of(&self, operation: Operation) -> Duration {
        match operation {
            Operation::JournalState => self.journal_state,
            Operation::NewEpoch(_) => self.new_epoch,
            Operation::PrepareRecovery(_) => self.prepare_recovery,
            Operation::AcceptRecovery { .. } => self.accept_recovery,
            Operation::StartSegment(_) => self.start_segment,
            Operation::Write { .. } | Operation::Purge(_) => self.write,
            Operation::Finalize { .. } => self.finalize,
            Operation::Manifest(_) | Operation::JournaledEdits(_) => self.read,
            Operation::Format | Operation::IsFormatted => self.administration,
        }
    }
}

impl QuorumOptions {
    /// Reads Hadoop's keys. Whom to be and the nameservice are the caller's.
    pub fn from_configuration(conf: &Configuration) -> Result<Self, ConfError> {
        let Self { client, .. } = Self::default();
        let millis = TimeUnit::Milliseconds;
        let client = ClientOptions {
            connect_timeout: conf.duration_or(
                "ipc.client.connect.timeout",
                millis,
                client.connect_timeout,
            )?,
            call_timeout: conf.duration_or(
                "ipc.client.rpc-timeout.ms",
                millis,
                client.call_timeout,
            )?,
            ..client
        };
        Ok(Self {
            timeouts: Timeouts::from_configuration(conf)?,
            queued_edits_limit_bytes: MIB
                * positive(conf, "dfs.qjournal.queued-edits.limit.mb", 10)?,
            max_txns_per_read: positive(conf, "dfs.ha.tail-edits.qjm.rpc.max-txns", 5000)? as u32,
            parallel_reads: positive(conf, "dfs.qjournal.parallel-read.num-threads", 5)?,
            connect_retries: conf.int_or("ipc.client.connect.max.retries", 10)?.max(0) as u32,
            connect_retry_interval: conf.duration_or(
                "ipc.client.connect.retry.interval",
                millis,
                Duration::from_secs(1),
            )?,
            client,
            ..Self::default()
        })
    }

    /// Of the connection to each node.
    pub(super) fn client_options(&self) -> ClientOptions {
        ClientOptions { user: self.user.clone(), ..self.client.clone() }
    }
}

fn positive(conf: &Configuration, key: &str, default: i32) -> Result<usize, ConfError> {
    Ok(conf.int_or(key, default)?.max(1) as usize)
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::{Environment, GenericOptions};

    use super::*;

    #[test]
    fn hadoops_defaults_are_ours() {
        let conf = GenericOptions::default().load(Environment::empty()).unwrap();
        let read = QuorumOptions::from_configuration(&conf).unwrap();
        let defaults = QuorumOptions::default();
        assert_eq!(read.timeouts, defaults.timeouts);
        assert_eq!(read.queued_edits_limit_bytes, 10_485_760);
        assert_eq!(read.max_txns_per_read, defaults.max_txns_per_read);
        assert_eq!(read.parallel_reads, defaults.parallel_reads);
        assert_eq!(read.client.call_timeout, defaults.client.call_timeout);
    }

    #[test]
    fn keys_are_hadoops() {
        let set = ["-D", "dfs.qjournal.write-txns.timeout.ms=7s"].map(str::to_owned);
        let conf = GenericOptions::parse(set).unwrap().load(Environment::empty()).unwrap();
        let timeouts = Timeouts::from_configuration(&conf).unwrap();
        assert_eq!(timeouts.write, Duration::from_secs(7));
    }
}
