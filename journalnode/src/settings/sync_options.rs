use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};

use super::keys;
use crate::sync::SyncOptions;

/// What `DFSConfigKeys` has where Hadoop's files say nothing.
const WRITER_PATIENCE: Duration = Duration::from_secs(120);
const INTERVAL: Duration = Duration::from_secs(120);
const TRANSFER_TIMEOUT: Duration = Duration::from_secs(30);
/// A shorter interval would be a busy loop.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

pub(super) fn sync_options(
    conf: &Configuration,
    reserve_bytes: u64,
) -> Result<SyncOptions, ConfError> {
    let millis =
        |key: &str, default: Duration| conf.duration_or(key, TimeUnit::Milliseconds, default);
    let bandwidth = conf.long_bytes_or(keys::EDITS_TRANSFER_BANDWIDTH, 0)?;
    let elections = millis(keys::NEW_EPOCH_TIMEOUT, WRITER_PATIENCE)?;
    let recoveries = millis(keys::ACCEPT_RECOVERY_TIMEOUT, WRITER_PATIENCE)?;
    Ok(SyncOptions {
        enabled: conf.boolean_or(keys::ENABLE_SYNC, true)?,
        interval: millis(keys::SYNC_INTERVAL, INTERVAL)?.max(SHORTEST_INTERVAL),
        transfer_timeout: millis(keys::EDITS_TRANSFER_TIMEOUT, TRANSFER_TIMEOUT)?,
        bandwidth: u64::try_from(bandwidth).ok().filter(|rate| *rate > 0),
        reserve_bytes,
        rejoin: conf.boolean_or(keys::SYNC_FORMAT, true)?,
        settle: millis(keys::SYNC_FORMAT_WAIT, elections.max(recoveries))?,
    })
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn options(pairs: &[(&str, &str)]) -> SyncOptions {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        sync_options(&conf, 7).unwrap()
    }

    #[test]
    fn jn_140_as_hadoop_but_a_blank_node_rejoins_by_itself() {
        let seconds = Duration::from_secs;
        let expected = SyncOptions {
            enabled: true,
            interval: seconds(120),
            transfer_timeout: seconds(30),
            bandwidth: None,
            reserve_bytes: 7,
            rejoin: true,
            settle: seconds(120),
        };
        assert_eq!(options(&[]), expected);
        let changed = options(&[
            ("dfs.journalnode.enable.sync", "false"),
            ("dfs.journalnode.sync.interval", "3000"),
            ("dfs.edit.log.transfer.timeout", "5000"),
            ("dfs.edit.log.transfer.bandwidthPerSec", "1000"),
            ("dfs.journalnode.enable.sync.format", "false"),
            ("dfs.journalnode.sync.format.wait", "1000"),
        ]);
        let expected = SyncOptions {
            enabled: false,
            interval: seconds(3),
            transfer_timeout: seconds(5),
            bandwidth: Some(1000),
            reserve_bytes: 7,
            rejoin: false,
            settle: seconds(1),
        };
        assert_eq!(changed, expected);
    }

    #[test]
    fn a_blank_node_waits_as_long_as_the_most_patient_writer() {
        let settle = |key, value| options(&[(key, value)]).settle;
        assert_eq!(settle("dfs.qjournal.new-epoch.timeout.ms", "200000").as_secs(), 200);
        assert_eq!(settle("dfs.qjournal.accept-recovery.timeout.ms", "1000").as_secs(), 120);
    }
}
