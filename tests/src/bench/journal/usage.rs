use std::fmt::Display;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Server;

/// What a process takes, as the kernel counts it.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Of the processor, since it began.
    pub cpu: Duration,
    /// What of its memory is resident.
    pub resident_mib: f64,
    /// How many it has.
    pub threads: f64,
}

impl Usage {
    /// Of a server, now.
    pub fn of(server: &mut Server) -> Result<Self> {
        let pid = server.node.daemon()?.pid().as_raw_nonzero();
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let whole = cpu(&fs::read_to_string(format!("/proc/{pid}/stat"))?)?;
        Ok(Self {
            // One counts in hundredths of a second, the other forgets threads that have ended.
            cpu: whole.max(cpu_of_threads(pid)?),
            resident_mib: field(&status, "VmRSS:")? / 1024.0,
            threads: field(&status, "Threads:")?,
        })
    }
}

/// User and system time, threads that have ended included.
fn cpu(stat: &str) -> Result<Duration> {
    /// `utime` and `stime`, counted from behind the name, which may hold anything.
    const FIELDS: std::ops::Range<usize> = 11..13;
    let (_, behind_name) = stat.rsplit_once(") ").context("a name in /proc/…/stat")?;
    let words: Vec<&str> = behind_name.split(' ').collect();
    let times = words.get(FIELDS).context("times in /proc/…/stat")?;
    let ticks: u64 = times.iter().map(|word| word.parse::<u64>()).sum::<Result<u64, _>>()?;
    Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
}

/// Of those that are alive.
fn cpu_of_threads(pid: impl Display) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        // It may have ended since.
        let schedstat = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        let nanos = schedstat.split(' ').next().and_then(|nanos| nanos.parse().ok());
        sum += Duration::from_nanos(nanos.unwrap_or_default());
    }
    Ok(sum)
}

fn field(status: &str, name: &str) -> Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("in /proc")?;
    Ok(line.split_whitespace().next().context("a number in /proc")?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_spaces_and_brackets() {
        let ticks = rustix::param::clock_ticks_per_second();
        let stat = format!("42 (a) b) S 1 2 3 4 5 6 7 8 9 10 {ticks} {ticks} 0 0 20 0 5 0 100\n");
        assert_eq!(cpu(&stat).unwrap(), Duration::from_secs(2));
    }
}
