use std::time::Duration;

/// How the health of the local NameNode is watched (`HealthMonitor`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthSettings {
    /// Pause between two checks.
    pub check_interval: Duration,
    /// Pause after a check that failed.
    pub sleep_after_disconnect: Duration,
    /// Pause between two attempts to make a proxy.
    pub connect_retry_interval: Duration,
    /// Connects after the first one that was refused.
    pub connect_retries: u32,
    /// Longest wait for the answer to a check.
    pub rpc_timeout: Duration,
    /// Longest wait for the thread dump of a NameNode in bad health; `None`: no dump.
    pub thread_dump_timeout: Option<Duration>,
}
