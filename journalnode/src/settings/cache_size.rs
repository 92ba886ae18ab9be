use hadoop_ipc::conf::Configuration;

use super::{SettingsError, keys};

/// Java's default is half its heap. There is no heap here: 1 GiB, or a quarter of the machine
/// if that is less.
const DEFAULT_BYTES: u64 = 1 << 30;
const DEFAULT_SHARE_OF_MEMORY: u64 = 4;

/// Size of the edits cache of each journal, in bytes; `None` without in-progress tailing.
pub(super) fn cache_bytes(conf: &Configuration) -> Result<Option<usize>, SettingsError> {
    if !conf.boolean(keys::TAIL_IN_PROGRESS)? {
        return Ok(None);
    }
    if conf.trimmed(keys::CACHE_SIZE)?.is_some() {
        let bytes = conf.long_bytes(keys::CACHE_SIZE)?;
        let size = usize::try_from(bytes).map_err(|_| SettingsError::Value {
            key: keys::CACHE_SIZE,
            value: bytes.to_string(),
            reason: "must not be negative",
        })?;
        return Ok(Some(size));
    }
    check_fraction(conf)?;
    let memory = total_memory_bytes();
    Ok(Some(DEFAULT_BYTES.min(memory / DEFAULT_SHARE_OF_MEMORY) as usize))
}

/// Meaningless without a heap, but what Java refuses to start with stays refused.
fn check_fraction(conf: &Configuration) -> Result<(), SettingsError> {
    if conf.trimmed(keys::CACHE_FRACTION)?.is_none() {
        return Ok(());
    }
    let fraction = conf.float(keys::CACHE_FRACTION)?;
    if fraction > 0.0 && fraction < 1.0 {
        return Ok(());
    }
    Err(SettingsError::Value {
        key: keys::CACHE_FRACTION,
        value: fraction.to_string(),
        reason: "must be above 0 and below 1",
    })
}

fn total_memory_bytes() -> u64 {
    let info = rustix::system::sysinfo();
    (info.totalram as u64).saturating_mul(u64::from(info.mem_unit))
}
