use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::{start_time, wait_until};

/// Lines of a log shown in an error.
const TAIL_LINES: usize = 40;
/// Longer lines of a log are not shown.
const MAX_LINE_BYTES: usize = 2000;
/// How long a daemon may take to obey SIGTERM.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A child process in its own process group, its output in a log file; killed when dropped.
#[derive(Debug)]
pub struct Daemon {
    name: String,
    child: Child,
    /// The process that goes on for the one that was started.
    successor: Option<Pid>,
    log: PathBuf,
}

/// What a daemon says when another process goes on for it.
const REPLACED: &str = "handed over to process ";

impl Daemon {
    /// Starts `command`, both outputs appended to `log`.
    pub fn spawn(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(append(log)?);
        Self::start(name, command, log)
    }

    /// Starts `command` with pipes to its standard input and from its standard output.
    pub fn spawn_piped(
        name: &str,
        mut command: Command,
        log: &Path,
    ) -> Result<(Self, ChildStdin, ChildStdout)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut daemon = Self::start(name, command, log)?;
        let stdin = daemon.child.stdin.take().context("stdin was piped")?;
        let stdout = daemon.child.stdout.take().context("stdout was piped")?;
        Ok((daemon, stdin, stdout))
    }

    fn start(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        let child = command
            .stderr(append(log)?)
            .process_group(0)
            .spawn()
            .with_context(|| format!("start {name}: {command:?}"))?;
        Ok(Self { name: name.to_owned(), child, successor: None, log: log.to_owned() })
    }

    /// The process id. That of the first process is the group id too.
    pub fn pid(&self) -> Pid {
        self.successor.unwrap_or_else(|| Pid::from_child(&self.child))
    }

    /// SIGUSR2, and waits until it says that another process goes on; then that one is meant.
    pub fn be_replaced(&mut self, limit: Duration) -> Result<String> {
        let before = std::fs::read_to_string(&self.log)?.len();
        self.signal(Signal::USR2)?;
        let what = format!("{} to be replaced", self.name);
        let said = wait_until(&what, limit, || {
            let log = std::fs::read_to_string(&self.log)?;
            let mut lines = log[before..].split_inclusive('\n').filter(|line| line.ends_with('\n'));
            Ok(lines.find(|line| line.contains(REPLACED)).map(str::to_owned))
        });
        let said = said.map_err(|error| self.explain(error))?;
        let pid = said.split_once(REPLACED).and_then(|(_, rest)| rest.split_once(':'));
        let pid = pid.context("no pid")?.0.parse()?;
        self.successor = Some(Pid::from_raw(pid).context("no pid")?);
        Ok(said.trim_end().to_owned())
    }

    /// Sends `signal` to the process.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(self.pid(), signal)
            .with_context(|| format!("send {signal:?} to {}", self.name))
    }

    /// SIGKILL, and waits until the process is gone.
    pub fn kill(mut self) -> Result<()> {
        self.signal(Signal::KILL)?;
        self.child.wait().with_context(|| format!("wait for {}", self.name))?;
        self.await_exit(STOP_LIMIT).map(drop)
    }

    /// SIGTERM, and waits until the process is gone.
    pub fn terminate(mut self) -> Result<ExitStatus> {
        self.signal(Signal::TERM)?;
        self.await_exit(STOP_LIMIT)
    }

    /// The exit status, if the process has ended. If another one went on for it, that has ended too,
    /// and the status is still that of the first: nobody is told another's.
    pub fn exited(&mut self) -> Result<Option<ExitStatus>> {
        match self.successor.and_then(start_time) {
            Some(_) => Ok(None),
            None => Ok(self.child.try_wait()?),
        }
    }

    /// Whether the process catches that signal, or would be ended by it.
    pub fn catches(&self, signal: Signal) -> Result<bool> {
        let status = format!("/proc/{}/status", self.pid().as_raw_nonzero());
        let status = std::fs::read_to_string(&status)?;
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = u64::from_str_radix(caught.context("no SigCgt")?.trim(), 16)?;
        Ok(caught >> (signal.as_raw() - 1) & 1 == 1)
    }

    /// Waits until the process ends by itself.
    pub fn await_exit(&mut self, limit: Duration) -> Result<ExitStatus> {
        let what = format!("{} to exit", self.name);
        wait_until(&what, limit, || self.exited()).map_err(|e| self.explain(e))
    }

    /// Polls `ready` while the process lives. The error shows the end of the log.
    pub fn await_ready<T>(
        &mut self,
        what: &str,
        limit: Duration,
        mut ready: impl FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let mut ended = None;
        let waited = wait_until(&format!("{}: {what}", self.name), limit, || {
            ended = self.child.try_wait()?;
            if ended.is_some() { Ok(Some(None)) } else { Ok(ready()?.map(Some)) }
        });
        match waited {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.explain(anyhow!("{} ended ({ended:?}) before {what}", self.name))),
            Err(error) => Err(self.explain(error)),
        }
    }

    /// Adds the end of this process's log to `error`.
    pub fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        error.context(format!("end of {}:\n{}", self.log.display(), tail(&self.log)))
    }

    /// The log file.
    pub fn log(&self) -> &Path {
        &self.log
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.successor.is_some() || matches!(self.child.try_wait(), Ok(None)) {
            // The group, since a daemon may have children of its own. Nothing is left to do on failure.
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// Runs `command` to its end within `limit` and fails unless it exits with 0.
///
/// It reads `Y` from standard input: Hadoop's `namenode -rollback` and `-initializeSharedEdits` ask.
pub fn run_to_end(name: &str, mut command: Command, log: &Path, limit: Duration) -> Result<()> {
    command.stdin(Stdio::piped()).stdout(append(log)?);
    let mut daemon = Daemon::start(name, command, log)?;
    let mut stdin = daemon.child.stdin.take().context("stdin was piped")?;
    // A command that asks nothing may have closed its end already.
    let _ = stdin.write_all(b"Y\nY\n");
    drop(stdin);
    let status = daemon.await_exit(limit)?;
    if !status.success() {
        return Err(daemon.explain(anyhow!("{name}: {status}")));
    }
    Ok(())
}

fn append(log: &Path) -> Result<Stdio> {
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().create(true).append(true).open(log);
    Ok(file.with_context(|| format!("open {}", log.display()))?.into())
}

fn tail(log: &Path) -> String {
    let bytes = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    // Hadoop's banner holds the whole class path in one line.
    let lines: Vec<&str> = text.lines().filter(|line| line.len() <= MAX_LINE_BYTES).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Launcher;

    fn sh(script: &str) -> Command {
        let mut command = Launcher::here().command("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn dropping_kills_the_whole_group() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let child_pid = folder.path().join("child");
        let script = format!("sleep 600 & echo $! > {}; wait", child_pid.display());
        let daemon = Daemon::spawn("sh", sh(&script), &log).unwrap();
        let pid = wait_until("child's pid", Duration::from_secs(10), || {
            Ok(std::fs::read_to_string(&child_pid)?.trim().parse::<u32>().ok())
        })
        .unwrap();
        drop(daemon);
        wait_until("child's end", Duration::from_secs(10), || Ok((!is_running(pid)).then_some(())))
            .unwrap();
    }

    /// An orphan may stay a zombie for a moment where no init reaps it.
    fn is_running(pid: u32) -> bool {
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn it_is_known_which_signals_a_process_catches() {
        let folder = tempfile::tempdir().unwrap();
        let script = "trap : USR2; echo ready; while :; do sleep 1; done";
        let log = folder.path().join("log");
        let mut daemon = Daemon::spawn("bash", bash(script), &log).unwrap();
        let ready = || Ok(std::fs::read_to_string(&log)?.contains("ready").then_some(()));
        daemon.await_ready("ready", Duration::from_secs(10), ready).unwrap();
        assert!(daemon.catches(Signal::USR2).unwrap());
        assert!(!daemon.catches(Signal::USR1).unwrap());
    }

    fn bash(script: &str) -> Command {
        let mut command = Launcher::here().command("bash");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn an_early_end_shows_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let script = "echo the reason; exit 3";
        let mut daemon = Daemon::spawn("sh", sh(script), &folder.path().join("log")).unwrap();
        let never = || Ok(None::<()>);
        let error = daemon.await_ready("port", Duration::from_secs(10), never).unwrap_err();
        assert!(format!("{error:#}").contains("the reason"));
    }
}
