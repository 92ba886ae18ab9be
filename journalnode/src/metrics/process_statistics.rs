use std::time::Duration;

use rustix::process::{Resource, getrlimit};

use super::ThreadStates;
use super::proc_file::{field, field_bytes, read};

/// What the kernel says of this process. What cannot be read is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProcessStatistics {
    /// Memory it occupies, in bytes.
    pub resident_bytes: u64,
    /// The most it occupied so far, in bytes.
    pub peak_resident_bytes: u64,
    /// Address space it has, in bytes.
    pub virtual_bytes: u64,
    /// Threads it has.
    pub threads: u64,
    /// Descriptors it has open.
    pub open_files: u64,
    /// Descriptors it may have open.
    pub max_open_files: u64,
    /// Processor time it used, in user and kernel mode.
    pub cpu: Duration,
    /// What its threads are doing.
    pub thread_states: ThreadStates,
}

impl ProcessStatistics {
    /// As it is now. Reads `/proc/self`.
    pub fn now() -> Self {
        let status = read("/proc/self/status");
        Self {
            resident_bytes: field_bytes(&status, "VmRSS"),
            peak_resident_bytes: field_bytes(&status, "VmHWM"),
            virtual_bytes: field_bytes(&status, "VmSize"),
            threads: field(&status, "Threads"),
            open_files: std::fs::read_dir("/proc/self/fd").map_or(0, |open| open.count() as u64),
            max_open_files: getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX),
            cpu: cpu(&read("/proc/self/stat"), rustix::param::clock_ticks_per_second()),
            thread_states: ThreadStates::now(),
        }
    }
}

/// The 14th and 15th field; the second is a name in parentheses that may hold anything.
fn cpu(stat: &str, ticks_per_second: u64) -> Duration {
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let times = after_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = times.filter_map(|time| time.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks.saturating_mul(1000) / ticks_per_second.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20";
        assert_eq!(cpu(stat, 100), Duration::from_secs(2));
        assert_eq!(cpu("", 0), Duration::ZERO);
    }

    #[test]
    fn this_process_has_memory_threads_and_files() {
        let now = ProcessStatistics::now();
        assert!(now.resident_bytes > 0 && now.threads > 0 && now.open_files > 0);
    }
}
