use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};

use super::keys;

/// What `DFSConfigKeys` has where Hadoop's files say nothing.
const LOG_ROLL_PERIOD_SECONDS: u64 = 120;
/// The standby looks at the clock about once a minute.
const PERIODS: u32 = 2;

/// After how long a silence of all writers a journal counts as idle. If no standby asks for
/// rolls there is no time that is right; Hadoop's default is as good as any.
pub(super) fn idle_after(conf: &Configuration) -> Result<Duration, ConfError> {
    let set = conf.trimmed(keys::LOG_ROLL_PERIOD)?.filter(|text| !text.is_empty());
    let seconds = match set {
        Some(_) => conf.duration_in(keys::LOG_ROLL_PERIOD, TimeUnit::Seconds)?,
        None => 0,
    };
    let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0);
    let period = Duration::from_secs(seconds.unwrap_or(LOG_ROLL_PERIOD_SECONDS));
    conf.duration_or(keys::IDLE_AFTER, TimeUnit::Milliseconds, period.saturating_mul(PERIODS))
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn seconds(pairs: &[(&str, &str)]) -> u64 {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        idle_after(&conf).unwrap().as_secs()
    }

    #[test]
    fn two_rolls_that_did_not_come_are_silence() {
        assert_eq!(seconds(&[]), 240);
        assert_eq!(seconds(&[(keys::LOG_ROLL_PERIOD, "600")]), 1200);
        assert_eq!(seconds(&[(keys::LOG_ROLL_PERIOD, "3m")]), 360);
        assert_eq!(seconds(&[(keys::LOG_ROLL_PERIOD, "-1")]), 240);
        let own = (keys::IDLE_AFTER, "15s");
        assert_eq!(seconds(&[own, (keys::LOG_ROLL_PERIOD, "600")]), 15);
    }
}
