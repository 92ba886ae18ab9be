use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration};

/// The pace of looking at a NameNode. The defaults are Hadoop's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthSettings {
    /// Pause between two looks (`ha.health-monitor.check-interval.ms`).
    pub check_interval: Duration,
    /// Pause after a failed look (`ha.health-monitor.sleep-after-disconnect.ms`).
    pub sleep_after_disconnect: Duration,
    /// Longest a call may take, connecting included (`ha.health-monitor.rpc-timeout.ms`). What is
    /// slower than this is not responding: keep it above the longest pause of garbage collection.
    pub rpc_timeout: Duration,
    /// Further tries after a refused connect that nothing else explains
    /// (`ha.health-monitor.rpc.connect.max.retries`).
    pub connect_retries: u32,
    /// Pause before each of them (`ipc.client.connect.retry.interval`).
    pub connect_retry_interval: Duration,
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self {
            check_interval: Duration::from_secs(1),
            sleep_after_disconnect: Duration::from_secs(1),
            rpc_timeout: Duration::from_secs(45),
            connect_retries: 1,
            connect_retry_interval: Duration::from_secs(1),
        }
    }
}

impl HealthSettings {
    /// Reads the keys; negative numbers count as 0.
    pub fn from_conf(conf: &Configuration) -> Result<Self, ConfError> {
        let ms = |key, default: i64| {
            let value = conf.long_or(key, default)?;
            Ok::<_, ConfError>(Duration::from_millis(u64::try_from(value).unwrap_or(0)))
        };
        let retries = conf.int_or("ha.health-monitor.rpc.connect.max.retries", 1)?;
        Ok(Self {
            check_interval: ms("ha.health-monitor.check-interval.ms", 1000)?,
            sleep_after_disconnect: ms("ha.health-monitor.sleep-after-disconnect.ms", 1000)?,
            rpc_timeout: ms("ha.health-monitor.rpc-timeout.ms", 45_000)?,
            connect_retries: u32::try_from(retries).unwrap_or(0),
            connect_retry_interval: ms("ipc.client.connect.retry.interval", 1000)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    #[test]
    fn fc_085_the_pace_is_hadoops_unless_configured() {
        let mut conf = Configuration::empty(Environment::empty());
        assert_eq!(HealthSettings::from_conf(&conf).unwrap(), HealthSettings::default());
        conf.set("ha.health-monitor.rpc-timeout.ms", "5000", "test");
        let read = HealthSettings::from_conf(&conf).unwrap();
        assert_eq!(read.rpc_timeout, Duration::from_secs(5));
    }
}
