use std::time::Duration;

use hadoop_ipc::client::ClientOptions;
use hadoop_ipc::conf::{ConfError, Configuration};

/// Whom to be, and the limits of connecting. Each call has its own limit, connecting included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOptions {
    /// The user to claim.
    pub user: Option<String>,
    /// Longest wait for a connection (`ipc.client.connect.timeout`).
    pub connect_timeout: Duration,
    /// Further tries after a refused or unreachable connect
    /// (`ha.health-monitor.rpc.connect.max.retries`). Java's graceful fencing retries too; whoever
    /// is to be fenced and refuses connections gains nothing from it, so use
    /// [`without_retries`](Self::without_retries) there.
    pub connect_retries: u32,
    /// Pause before each of them (`ipc.client.connect.retry.interval`).
    pub connect_retry_interval: Duration,
    /// An unused connection is closed after this (`ipc.client.connection.maxidletime`).
    pub max_idle: Duration,
}

impl CallOptions {
    /// Hadoop's defaults for a user.
    pub fn new(user: Option<String>) -> Self {
        Self {
            user,
            connect_timeout: Duration::from_secs(20),
            connect_retries: 1,
            connect_retry_interval: Duration::from_secs(1),
            max_idle: Duration::from_secs(10),
        }
    }

    /// Reads the limits; negative numbers count as 0.
    pub fn from_conf(conf: &Configuration, user: Option<String>) -> Result<Self, ConfError> {
        let ms = |key, default: i32| {
            let value = conf.int_or(key, default)?;
            Ok::<_, ConfError>(Duration::from_millis(u64::try_from(value).unwrap_or(0)))
        };
        let retries = conf.int_or("ha.health-monitor.rpc.connect.max.retries", 1)?;
        Ok(Self {
            user,
            connect_timeout: ms("ipc.client.connect.timeout", 20_000)?,
            connect_retries: u32::try_from(retries).unwrap_or(0),
            connect_retry_interval: ms("ipc.client.connect.retry.interval", 1000)?,
            max_idle: ms("ipc.client.connection.maxidletime", 10_000)?,
        })
    }

    /// The same, with the first refusal as the answer.
    pub fn without_retries(self) -> Self {
        Self { connect_retries: 0, ..self }
    }

    pub(super) fn client(&self, protocol: &str) -> ClientOptions {
        ClientOptions {
            connect_timeout: self.connect_timeout,
            max_idle: self.max_idle,
            ..ClientOptions::new(protocol, 1, self.user.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    #[test]
    fn fc_086_limits_are_hadoops_unless_configured() {
        let mut conf = Configuration::empty(Environment::empty());
        let user = Some("hdfs".to_owned());
        let defaults = CallOptions::from_conf(&conf, user.clone()).unwrap();
        assert_eq!(defaults, CallOptions::new(user));
        conf.set("ipc.client.connect.retry.interval", "200", "test");
        conf.set("ha.health-monitor.rpc.connect.max.retries", "-1", "test");
        let read = CallOptions::from_conf(&conf, None).unwrap();
        assert_eq!(read.connect_retry_interval, Duration::from_millis(200));
        assert_eq!(read.connect_retries, 0);
    }
}
