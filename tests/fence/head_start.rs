//! What is done before it is certain that force is needed.

use std::fs;

use failover::fence::Fencer;
use system_tests::ssh::{Sshd, Victim};

use crate::case::{Case, proof, sshfence, target};
use crate::cleanup::{await_nothing_in, run_dir_of};

#[tokio::test]
async fn a_login_that_was_not_needed_ends_and_harms_nobody() {
    let case = Case::new();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let mut options = case.options();
    let run_dir = run_dir_of(&case, &mut options);
    let head_start = sshfence(&sshd, options).begin(&target(victim.port())).await;
    assert!(fs::read_dir(&run_dir).unwrap().next().is_some(), "no login");
    drop(head_start);
    await_nothing_in(&run_dir);
    assert!(victim.is_alive().unwrap() && victim.answers());
}

#[tokio::test]
async fn a_method_goes_on_with_the_login_that_is_there() {
    let case = Case::new();
    let (sshd, mut victim) = (case.sshd(), Victim::start().unwrap());
    let (fencer, target) = (sshfence(&sshd, case.options()), target(victim.port()));
    let head_start = fencer.begin(&target).await;
    proof(&fencer.fence_from(head_start, &target).await);
    assert_eq!(victim.killed_by().unwrap(), Some(9));
    assert_eq!(sshd.logins().unwrap(), 1);
}

#[tokio::test]
async fn a_login_that_failed_leaves_the_next_method_its_turn() {
    let case = Case::new();
    let sshd = Sshd::start(case.path(), &[]).unwrap();
    let methods = format!("sshfence(:{})\nshell(true)", sshd.port());
    let fencer = Fencer::parse(&methods, case.options()).unwrap();
    let head_start = fencer.begin(&target(1)).await;
    let report = fencer.fence_from(head_start, &target(1)).await;
    assert_eq!(report.fenced_by.as_deref(), Some("shell(true)"));
    assert_eq!(report.attempts.len(), 2);
}

/// Hardened servers have `MaxSessions 1`.
#[tokio::test]
async fn an_sshd_that_allows_one_command_at_a_time_is_enough() {
    let case = Case::new();
    let sshd = Sshd::with_setting(case.path(), &[&case.key], "MaxSessions 1").unwrap();
    let mut victim = Victim::start().unwrap();
    proof(&sshfence(&sshd, case.options()).fence(&target(victim.port())).await);
    assert_eq!(victim.killed_by().unwrap(), Some(9));
}
