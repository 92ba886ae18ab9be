//! Nothing is left of a method that ended, failed, or was given up.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use failover::fence::{FenceOptions, Fencer};
use system_tests::ssh::Victim;

use crate::case::{Case, proof, target};
use crate::wait::wait_until;

/// The processes whose command line names `path`.
fn processes_about(path: &Path) -> Vec<String> {
    let text = path.display().to_string();
    let command_line = |entry: fs::DirEntry| {
        let bytes = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&bytes).replace('\0', " ");
        line.contains(&text).then_some(line)
    };
    fs::read_dir("/proc").unwrap().flatten().filter_map(command_line).collect()
}

pub(crate) fn await_nothing_in(run_dir: &Path) {
    wait_until("no process and no file", || {
        let empty = fs::read_dir(run_dir).unwrap().next().is_none();
        (empty && processes_about(run_dir).is_empty()).then_some(())
    });
}

pub(crate) fn run_dir_of(case: &Case, options: &mut FenceOptions) -> std::path::PathBuf {
    let run_dir = case.path().join("run");
    fs::create_dir(&run_dir).unwrap();
    options.ssh.run_dir = run_dir.clone();
    run_dir
}

#[tokio::test]
async fn success_leaves_no_ssh_and_no_socket() {
    let case = Case::new();
    let (sshd, victim) = (case.sshd(), Victim::start().unwrap());
    let mut options = case.options();
    let run_dir = run_dir_of(&case, &mut options);
    proof(&crate::case::fence(&sshd, options, victim.port()).await);
    await_nothing_in(&run_dir);
}

#[tokio::test]
async fn a_timeout_leaves_no_ssh_and_no_socket() {
    let case = Case::new();
    let hole = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut options = case.options();
    options.ssh.connect_timeout = Duration::from_millis(100);
    let run_dir = run_dir_of(&case, &mut options);
    let methods = format!("sshfence(:{})", hole.local_addr().unwrap().port());
    Fencer::parse(&methods, options).unwrap().fence(&target(1)).await;
    await_nothing_in(&run_dir);
}

#[tokio::test]
async fn dropping_leaves_no_ssh_and_no_socket() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new();
    let hole = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut options = case.options();
    let run_dir = run_dir_of(&case, &mut options);
    let methods = format!("sshfence(:{})", hole.local_addr().unwrap().port());
    let fencer = Fencer::parse(&methods, options).unwrap();
    let task = tokio::spawn(async move { fencer.fence(&target(1)).await });
    let waiting = run_dir.clone();
    let modes = tokio::task::spawn_blocking(move || {
        wait_until("ssh", || (!processes_about(&waiting).is_empty()).then_some(()));
        let mode = |entry: fs::DirEntry| entry.metadata().unwrap().permissions().mode() & 0o777;
        fs::read_dir(&waiting).unwrap().flatten().map(mode).collect::<Vec<u32>>()
    });
    assert_eq!(modes.await.unwrap(), [0o700]);
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    await_nothing_in(&run_dir);
}

#[tokio::test]
async fn a_run_directory_too_long_for_a_socket_is_named() {
    let case = Case::new();
    let sshd = case.sshd();
    let mut options = case.options();
    options.ssh.run_dir = case.path().join("x".repeat(80));
    fs::create_dir(&options.ssh.run_dir).unwrap();
    let report = crate::case::fence(&sshd, options, 1).await;
    assert!(crate::case::reason(&report).contains("too long for ssh's control socket"), "{report}");
}
