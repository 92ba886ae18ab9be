use std::time::Duration;

use hadoop_ipc::conf::Configuration;

use super::{HealthSettings, StartFailure, TransitionSettings, keys};

/// What an RPC timeout of 0 stands for: Java waits for ever, and 24 days are as good.
const NO_LIMIT: Duration = Duration::from_millis(i32::MAX as u64);

pub(super) fn health(conf: &Configuration) -> Result<HealthSettings, StartFailure> {
    let dump = millis(conf, keys::THREAD_DUMP_TIMEOUT, 20_000)?;
    Ok(HealthSettings {
        check_interval: millis(conf, keys::CHECK_INTERVAL, 1000)?,
        sleep_after_disconnect: millis(conf, keys::SLEEP_AFTER_DISCONNECT, 1000)?,
        connect_retry_interval: millis(conf, keys::CONNECT_RETRY_INTERVAL, 1000)?,
        connect_retries: count(conf, keys::HEALTH_CONNECT_RETRIES, 1)?,
        rpc_timeout: limit(conf, keys::HEALTH_RPC_TIMEOUT, 45_000)?,
        thread_dump_timeout: (!dump.is_zero()).then_some(dump),
    })
}

pub(super) fn transitions(conf: &Configuration) -> Result<TransitionSettings, StartFailure> {
    let connect_timeout = limit(conf, keys::CONNECT_TIMEOUT, 20_000)?;
    let graceful = limit(conf, keys::GRACEFUL_FENCE_TIMEOUT, 5000)?;
    let graceful_connect = match conf.raw(keys::GRACEFUL_CONNECT_TIMEOUT) {
        Some(_) => limit(conf, keys::GRACEFUL_CONNECT_TIMEOUT, 0)?,
        None => graceful.min(connect_timeout),
    };
    Ok(TransitionSettings {
        new_active_timeout: limit(conf, keys::NEW_ACTIVE_TIMEOUT, 60_000)?,
        graceful_fence_timeout: graceful,
        graceful_fence_retries: count(conf, keys::GRACEFUL_FENCE_RETRIES, 1)?,
        graceful_connect_timeout: graceful_connect,
        connect_timeout,
        connect_retries_on_timeouts: count(conf, keys::CONNECT_RETRIES_ON_TIMEOUTS, 45)?,
        connect_retry_pause: millis(conf, keys::CONNECT_RETRY_PAUSE, 1000)?,
    })
}

/// Milliseconds as Java reads them, an `int`; 0 is 0.
pub(super) fn millis(
    conf: &Configuration,
    key: &'static str,
    default: i32,
) -> Result<Duration, StartFailure> {
    let millis = not_negative(key, conf.int_or(key, default)?)?;
    Ok(Duration::from_millis(millis.into()))
}

/// As [`millis`], but 0 is no limit.
pub(super) fn limit(
    conf: &Configuration,
    key: &'static str,
    default: i32,
) -> Result<Duration, StartFailure> {
    let limit = millis(conf, key, default)?;
    Ok(if limit.is_zero() { NO_LIMIT } else { limit })
}

pub(super) fn count(
    conf: &Configuration,
    key: &'static str,
    default: i32,
) -> Result<u32, StartFailure> {
    not_negative(key, conf.int_or(key, default)?)
}

fn not_negative(key: &'static str, number: i32) -> Result<u32, StartFailure> {
    u32::try_from(number).map_err(|_| StartFailure::Value {
        key,
        value: number.to_string(),
        reason: "must not be negative".to_owned(),
    })
}
