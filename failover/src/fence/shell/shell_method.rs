use std::future::Future;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use tokio::process::Command;
use tokio::time::timeout;

use super::environment::Environment;
use super::{ShellOptions, check};
use crate::fence::log_level::LogLevel;
use crate::fence::output_log::OutputLog;
use crate::fence::process_group::ProcessGroup;
use crate::fence::{CheckResult, FenceTarget, Outcome};
use crate::mutant;

/// How long output may still come after the command has ended. A child in the background holds
/// the pipes open as long as it likes, for which Java waits.
const DRAIN_LIMIT: Duration = Duration::from_millis(200);

/// `shell(COMMAND)`.
#[derive(Clone, Copy, Debug)]
pub(in crate::fence) struct ShellMethod<'a> {
    pub(in crate::fence) argument: &'a str,
    pub(in crate::fence) options: &'a ShellOptions,
}

impl ShellMethod<'_> {
    /// Runs the command; 0 is fenced. Java: `ShellCommandFencer.tryFence`.
    pub(in crate::fence) async fn fence(self, target: &FenceTarget) -> Outcome {
        match self.run(target).await {
            Ok(()) => Outcome::Fenced("the command ended with exit status 0".to_owned()),
            Err(why) => Outcome::NotFenced(why),
        }
    }

    pub(in crate::fence) async fn check(
        self,
        method: &str,
        target: &FenceTarget,
    ) -> Vec<CheckResult> {
        let environment = Environment::of(target, self.options.export_secrets);
        check::check(method, self.options.comma.command(self.argument), &environment).await
    }

    async fn run(self, target: &FenceTarget) -> Result<(), String> {
        let text = self.options.comma.command(self.argument)?;
        let environment = Environment::of(target, self.options.export_secrets);
        let mut command = Command::new("bash");
        command.args(["-e", "-c", text]).envs(&environment.variables);
        // A pipe closed at once, as Java's: what reads finds the end.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let group =
            ProcessGroup::spawn(&mut command).map_err(|error| environment.explain(text, &error))?;
        let log = OutputLog::new(self.argument);
        let status = self.await_end(group, &log).await?;
        if status.success()
            || (status.code() == Some(127) && mutant::is("treat-exit-127-as-fenced"))
        {
            return Ok(());
        }
        Err(format!("the command ended with {status}{}", log.last_words()))
    }

    async fn await_end(
        self,
        mut group: ProcessGroup,
        log: &OutputLog,
    ) -> Result<ExitStatus, String> {
        let end = end_of(&mut group, log);
        let Some(limit) = self.options.deadline else { return end.await };
        if let Ok(ended) = timeout(limit, end).await {
            return ended;
        }
        group.signal(Signal::KILL);
        // Dead for certain; this reaps it.
        let _ = group.wait().await;
        Err(format!(
            "the command was killed with all it started, since it still ran after {} s{}",
            limit.as_secs_f64(),
            log.last_words()
        ))
    }
}

async fn end_of(group: &mut ProcessGroup, log: &OutputLog) -> Result<ExitStatus, String> {
    let (stdout, stderr) = (group.child().stdout.take(), group.child().stderr.take());
    let info = async { log_all(log, stdout, LogLevel::Info).await };
    let warn = async { log_all(log, stderr, LogLevel::Warn).await };
    let pumps = pin!(async { tokio::join!(info, warn) });
    drive(group.wait(), pumps).await.map_err(|error| format!("lost track of bash: {error}"))
}

async fn log_all(
    log: &OutputLog,
    stream: Option<impl tokio::io::AsyncRead + Unpin>,
    level: LogLevel,
) {
    if let Some(stream) = stream {
        log.pump(stream, level).await;
    }
}

/// Runs both; once `main` is through, `side` has [`DRAIN_LIMIT`] left.
async fn drive<T>(main: impl Future<Output = T>, mut side: impl Future + Unpin) -> T {
    let mut main = pin!(main);
    tokio::select! {
        biased;
        done = &mut main => {
            let _ = timeout(DRAIN_LIMIT, side).await;
            done
        }
        _ = &mut side => main.await,
    }
}
