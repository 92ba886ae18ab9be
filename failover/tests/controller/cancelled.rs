use std::fs;
use std::path::Path;
use std::time::Duration;

use failover::engine::Stop;
use failover::ledger::{FailoverRecord, Outcome};

use super::fixture::{LONG, Node, World};
use super::patience::until;

/// A controller that is fencing nn2 for ever by a process; and the process.
async fn fencing(world: &World, pid: &Path) -> (Node, u32) {
    world.leave_breadcrumb_of_nn2();
    world.nn2.kill();
    let node = world.run("nn1").await;
    let read = || fs::read_to_string(pid).ok()?.trim().parse().ok();
    until("fencing runs", || read().is_some()).await;
    (node, read().unwrap())
}

fn endless(pid: &Path) -> String {
    format!("shell(echo $$ > {}; exec sleep 600)", pid.display())
}

fn runs(pid: u32) -> bool {
    // A zombie that nobody has waited for yet does not run any more.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z'))
        && !stat.is_empty()
}

#[tokio::test]
async fn a_lost_session_ends_fencing_with_its_processes() {
    let dir = tempfile::tempdir().unwrap();
    let pid_file = dir.path().join("pid");
    let world = World::new(LONG).await.set("dfs.ha.fencing.methods", endless(&pid_file));
    let (node, pid) = fencing(&world, &pid_file).await;
    let (session, _) = world.ensemble.lock().unwrap();
    world.ensemble.expire(session);
    until("the process has ended", || !runs(pid)).await;
    let timeline = node.failover().await;
    assert!(matches!(timeline.outcome, Outcome::Failed(_)), "{timeline:?}");
    assert!(!world.nn1.is_active());
}

#[tokio::test]
async fn a_stop_ends_fencing_with_its_processes_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let pid_file = dir.path().join("pid");
    let world = World::new(LONG).await.set("dfs.ha.fencing.methods", endless(&pid_file));
    let (mut node, pid) = fencing(&world, &pid_file).await;
    node.handle.stop(Stop::HandOver);
    assert_eq!(node.ended().await.code, 0);
    until("the process has ended", || !runs(pid)).await;
    assert_eq!(world.ensemble.lock(), None);
}

#[tokio::test]
async fn fc_111_a_lease_that_runs_out_while_fencing_stops_the_failover() {
    let dir = tempfile::tempdir().unwrap();
    let gate = dir.path().join("gate");
    let wait = format!("shell(until test -e {}; do sleep 0.01; done)", gate.display());
    let timeout = Duration::from_millis(2400);
    let world = World::new(timeout).await.set("dfs.ha.fencing.methods", wait);
    let nn2 = world.leave_breadcrumb_of_nn2();
    world.nn2.kill();
    let node = world.run("nn1").await;
    until("the lock is taken", || world.ensemble.lock().is_some()).await;
    // With contact the controller would find that it still has the lock, and begin again.
    let (session, _) = world.ensemble.lock().unwrap();
    world.ensemble.disconnect(session);
    until("the lease is out", || {
        node.status().session.is_some_and(|session| session.lease_remaining_seconds <= 0.0)
    })
    .await;
    fs::write(&gate, "").unwrap();
    until("the failover has ended", || !node.status().failovers.is_empty()).await;
    let ended = node.status().failovers.remove(0);
    assert!(!ended.ok, "{ended:?}");
    assert_eq!(ended.fenced_by.map(|by| by.starts_with("shell")), Some(true));
    let breadcrumb = world.ensemble.breadcrumb().unwrap();
    assert_eq!((breadcrumb.version, breadcrumb.data), (0, nn2.encode().into()));
    assert!(!world.nn1.is_active());
    world.ensemble.reconnect(session);
    node.is("ACTIVE").await;
    let failed = |record: &FailoverRecord| matches!(record.outcome, Outcome::Failed(_));
    let timeline = node.failover_that(failed).await;
    let Outcome::Failed(why) = &timeline.outcome else { panic!("{timeline:?}") };
    assert!(why.contains("ZooKeeper has not confirmed"), "{why}");
}
