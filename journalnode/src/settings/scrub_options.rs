use std::time::Duration;

use hadoop_ipc::conf::{ConfError, Configuration, TimeUnit};

use super::keys;
use crate::scrub::ScrubOptions;

/// A week: bits rot in months, and a checkpoint purges most segments before they are a week old.
const INTERVAL: Duration = Duration::from_secs(7 * 24 * 3600);
/// 8 MiB: a disk that takes edits does not feel it, and 600 GiB are read in a day.
const BANDWIDTH: i64 = 8 << 20;
/// A shorter interval would be a busy loop.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

pub(super) fn scrub_options(conf: &Configuration) -> Result<ScrubOptions, ConfError> {
    let interval = conf.duration_or(keys::SCRUB_INTERVAL, TimeUnit::Milliseconds, INTERVAL)?;
    let bandwidth = conf.long_bytes_or(keys::SCRUB_BANDWIDTH, BANDWIDTH)?;
    Ok(ScrubOptions {
        interval: (!interval.is_zero()).then(|| interval.max(SHORTEST_INTERVAL)),
        bandwidth: u64::try_from(bandwidth).ok().filter(|rate| *rate > 0),
    })
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn options(pairs: &[(&str, &str)]) -> ScrubOptions {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        scrub_options(&conf).unwrap()
    }

    #[test]
    fn once_a_week_and_slowly_unless_told_otherwise() {
        let default = ScrubOptions { interval: Some(INTERVAL), bandwidth: Some(8 << 20) };
        assert_eq!(options(&[]), default);
        let set = options(&[(keys::SCRUB_INTERVAL, "3h"), (keys::SCRUB_BANDWIDTH, "1m")]);
        let hours = Duration::from_secs(3 * 3600);
        assert_eq!(set, ScrubOptions { interval: Some(hours), bandwidth: Some(1 << 20) });
    }

    #[test]
    fn zero_turns_the_checks_and_the_limit_off() {
        let off = options(&[(keys::SCRUB_INTERVAL, "0"), (keys::SCRUB_BANDWIDTH, "0")]);
        assert_eq!(off, ScrubOptions { interval: None, bandwidth: None });
    }
}
