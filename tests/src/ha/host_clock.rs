use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::lab::LabHost;
use crate::process::Launcher;

/// What Debian's package `libfaketime` installs.
const LIBRARY: &str = "libfaketimeMT.so.1";
const MACHINES: [&str; 2] = ["x86_64-linux-gnu", "aarch64-linux-gnu"];
/// The file that holds by how much the clock is wrong, as a host's processes see it.
const OFFSET: &str = "/var/hadoop/clock";
/// A process looks at the file once in so many seconds.
const LOOK_SECONDS: &str = "FAKETIME_CACHE_DURATION=1";
/// A process leaves a semaphore in `/dev/shm` when it is killed: each has one of its own.
const OWN_SEMAPHORES: &str = r#"set -e
mount -t tmpfs tmpfs /dev/shm
exec env "$@""#;

/// The wall clock of a host's daemons, which can jump; the monotonic one goes on, as it does when
/// somebody sets the time. A host that was given none has the machine's.
#[derive(Debug)]
pub struct HostClock<'a> {
    host: &'a LabHost,
}

impl<'a> HostClock<'a> {
    /// That of this host.
    pub fn of(host: &'a LabHost) -> Self {
        Self { host }
    }

    /// Makes it, as right as the machine's. Daemons that were started before do not see it.
    pub fn create(&self) -> Result<()> {
        library()?;
        self.set(0)
    }

    /// It is so many seconds fast, or slow. Daemons see it within a second.
    pub fn set(&self, seconds: i64) -> Result<()> {
        let (file, next) = (self.file(), self.file().with_extension("next"));
        fs::write(&next, format!("{seconds:+}\n"))?;
        Ok(fs::rename(next, file)?)
    }

    /// Runs a daemon by it.
    pub fn launcher(&self, launcher: &Launcher) -> Result<Launcher> {
        if !self.file().exists() {
            return Ok(launcher.clone());
        }
        let preload = format!("LD_PRELOAD={}", library()?.display());
        let offset = format!("FAKETIME_TIMESTAMP_FILE={OFFSET}");
        let settings = [&preload, &offset, LOOK_SECONDS, "FAKETIME_DONT_FAKE_MONOTONIC=1"];
        // The times of files are those of the machine.
        let settings = [&settings[..], &["NO_FAKE_STAT=1"]].concat();
        Ok(launcher.then([&["sh", "-c", OWN_SEMAPHORES, "clock"], &settings[..]].concat()))
    }

    fn file(&self) -> PathBuf {
        self.host.var_hadoop().join("clock")
    }
}

fn library() -> Result<PathBuf> {
    let paths = MACHINES.map(|it| Path::new("/usr/lib").join(it).join("faketime").join(LIBRARY));
    let found = paths.into_iter().find(|path| path.exists());
    let found = found.context("libfaketime is not installed: apt-get install libfaketime")?;
    ensure!(!found.to_string_lossy().contains(' '), "{}", found.display());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::*;
    use crate::lab::Lab;
    use crate::process::{Daemon, wait_until};

    const HOUR_SECONDS: i64 = 3600;

    #[test]
    fn only_the_wall_clock_jumps_and_in_a_process_that_runs() {
        let folder = tempfile::tempdir().unwrap();
        let lab = Lab::create(folder.path(), &["a"]).unwrap();
        let host = lab.host("a").unwrap();
        HostClock::of(host).create().unwrap();
        let mut command = HostClock::of(host).launcher(&host.launcher()).unwrap().command("perl");
        command.args(["-MTime::HiRes=clock_gettime,CLOCK_MONOTONIC", "-e", SHOW]);
        let log = folder.path().join("log");
        let _daemon = Daemon::spawn("perl", command, &log).unwrap();
        let (_, before) = shown(&log, 0);
        HostClock::of(host).set(HOUR_SECONDS).unwrap();
        let (_, forward) = shown(&log, HOUR_SECONDS);
        HostClock::of(host).set(-HOUR_SECONDS).unwrap();
        let (_, backward) = shown(&log, -HOUR_SECONDS);
        assert!(before <= forward && forward <= backward && backward < before + 60);
    }

    const SHOW: &str = r#"$| = 1; while (1) { print time, " ", int clock_gettime(CLOCK_MONOTONIC), "\n"; select undef, undef, undef, 0.1 }"#;

    /// The last line once its wall clock is that wrong: wall clock and monotonic seconds.
    fn shown(log: &Path, wrong_seconds: i64) -> (i64, i64) {
        wait_until(
            &format!("a clock that is {wrong_seconds} s wrong"),
            Duration::from_secs(10),
            || {
                let text = fs::read_to_string(log)?;
                let line = text.lines().rev().nth(1).context("nothing yet")?;
                let (wall, monotonic) = line.split_once(' ').context("half a line")?;
                let (wall, monotonic) = (wall.parse::<i64>()?, monotonic.parse()?);
                let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs().cast_signed();
                Ok(((wall - now - wrong_seconds).abs() <= 2).then_some((wall, monotonic)))
            },
        )
        .unwrap()
    }
}
