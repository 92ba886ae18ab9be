use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::lab::LabHost;
use crate::process::Launcher;

/// Answers for the wall clock instead of the C library, and leaves all waits alone. libfaketime answers for
/// waits too; a JVM under it was seen to need a whole processor while idle.
const SOURCE: &str = include_str!("clock.c");
/// By how many seconds the clock is wrong.
const OFFSET: &str = "clock";
const LIBRARY: &str = "clock.so";

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
        fs::write(self.file(OFFSET), 0i64.to_ne_bytes())?;
        let source = self.file("clock.c");
        fs::write(&source, SOURCE)?;
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", "-shared", "-fPIC", "-o"]).args([self.file(LIBRARY), source]);
        let status = compiler.status().context("run cc: apt-get install gcc libc6-dev")?;
        ensure!(status.success(), "cc: {status}");
        Ok(())
    }

    /// It is so many seconds fast, or slow, from now on and for daemons that run.
    pub fn set(&self, seconds: i64) -> Result<()> {
        let file = OpenOptions::new().write(true).open(self.file(OFFSET))?;
        // In place: daemons have it mapped.
        Ok(file.write_all_at(&seconds.to_ne_bytes(), 0)?)
    }

    /// Runs a daemon by it.
    pub fn launcher(&self, launcher: &Launcher) -> Launcher {
        if !self.file(LIBRARY).exists() {
            return launcher.clone();
        }
        let seen = |name: &str| format!("/var/hadoop/{name}");
        let (preload, offset) = (seen(LIBRARY), seen(OFFSET));
        let preload = format!("LD_PRELOAD={preload}");
        launcher.then(["env", &preload, &format!("CLOCK_OFFSET_FILE={offset}")])
    }

    fn file(&self, name: &str) -> PathBuf {
        self.host.var_hadoop().join(name)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
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
        let mut command = HostClock::of(host).launcher(&host.launcher()).command("perl");
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
