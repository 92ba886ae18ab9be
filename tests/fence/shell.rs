//! `shell(…)` with real bash.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use failover::fence::{FenceOptions, FenceReport, FenceTarget, Fencer};
use tracing::instrument::WithSubscriber as _;

use crate::case::{proof, reason, target};
use crate::wait::{is_running, wait_until};

async fn run_with(command: &str, options: FenceOptions, target: &FenceTarget) -> FenceReport {
    Fencer::parse(&format!("shell({command})"), options).unwrap().fence(target).await
}

async fn run(command: &str) -> FenceReport {
    run_with(command, FenceOptions::default(), &target(8020)).await
}

#[tokio::test]
async fn fc_095_only_status_0_of_every_command_fences() {
    proof(&run("true").await);
    assert!(reason(&run("exit 3").await).contains("exit status: 3"));
    assert!(reason(&run("false; true").await).contains("exit status: 1"));
    assert!(reason(&run("no-such-program-here").await).contains("127"));
    assert!(reason(&run("kill -9 $$").await).contains("signal"));
    assert!(reason(&run("echo because >&2; false").await).contains("its last line: because"));
}

#[tokio::test]
async fn fc_095_standard_input_is_at_its_end() {
    let report = run("if read -r line; then exit 1; fi").await;
    proof(&report);
}

#[tokio::test]
async fn fc_096_and_097_the_environment_is_hadoops() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("env");
    proof(&run(&format!("env > {}", file.display())).await);
    let env = std::fs::read_to_string(file).unwrap();
    for line in [
        "dfs_nameservices=${x}",
        "target_host=127.0.0.1",
        "target_port=8020",
        "target_address=/127.0.0.1:8020",
        "target_nameserviceid=ns1",
        "target_namenodeid=nn1",
    ] {
        assert!(env.lines().any(|found| found == line), "{line}: {env}");
    }
    assert!(env.lines().any(|line| line.starts_with("PATH=")), "{env}");
    assert!(!env.contains("source_"), "{env}");
}

/// Java waits for ever.
#[tokio::test]
async fn the_deadline_kills_the_whole_group() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pid");
    let mut options = FenceOptions::default();
    options.shell.deadline = Some(Duration::from_millis(300));
    let command = format!("sleep 60 & echo $! > {}; wait", file.display());
    let report = run_with(&command, options, &target(1)).await;
    assert!(reason(&report).contains("killed with all it started"), "{report}");
    await_end_of(&file);
}

#[tokio::test]
async fn dropping_kills_the_whole_group() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pid");
    let command = format!("sleep 60 & echo $! > {}; wait", file.display());
    let task = tokio::spawn(async move { run(&command).await });
    let seen = file.clone();
    tokio::task::spawn_blocking(move || wait_until("the pid", || pid_in(&seen))).await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    await_end_of(&file);
}

/// Java took 60 s for this one.
#[tokio::test]
async fn a_child_in_the_background_that_holds_the_pipes_does_not_hold_us() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pid");
    let started = Instant::now();
    proof(&run(&format!("sleep 60 & echo $! > {}", file.display())).await);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    // Not killed: it may be what powers the machine off in a moment.
    let pid = pid_in(&file).unwrap();
    assert!(is_running(pid));
    let raw = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(raw, rustix::process::Signal::KILL).unwrap();
}

fn pid_in(file: &std::path::Path) -> Option<u32> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn await_end_of(file: &std::path::Path) {
    let pid = pid_in(file).unwrap();
    wait_until("the child's end", || (!is_running(pid)).then_some(()));
}

#[tokio::test]
async fn an_environment_that_the_kernel_refuses_is_explained() {
    let mut large = target(1);
    large.properties.push(("dfs.huge.list".to_owned(), "x".repeat(200 << 10)));
    let report = run_with("true", FenceOptions::default(), &large).await;
    let why = reason(&report);
    assert!(why.contains("dfs_huge_list") && why.contains("131072"), "{report}");
    let report = run(&format!("true {}", "x".repeat(200 << 10))).await;
    assert!(reason(&report).contains("the command itself"), "{}", reason(&report));
}

#[tokio::test]
async fn fc_098_a_comma_fails_as_in_java() {
    assert!(reason(&run("true,true").await).contains("comma"));
    proof(&run("true,").await);
}

/// A log that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn fc_099_output_is_logged_by_line_with_the_prefix() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    run("echo one; echo two; echo three >&2").with_subscriber(subscriber).await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for (level, line) in [("INFO", "one"), ("INFO", "two"), ("WARN", "three")] {
        let expected = format!("echo one...three >&2: {line}");
        let found = text.lines().find(|found| found.ends_with(&expected));
        assert!(found.is_some_and(|found| found.contains(level)), "{expected}: {text}");
    }
}
