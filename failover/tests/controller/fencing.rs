use std::path::Path;

use failover::ledger::Outcome;

use super::fixture::{LONG, World};
use super::namenode::{FakeNameNode, Mood};
use super::patience::until;

async fn with_active_nn2() -> World {
    let mut world = World::new(LONG).await;
    world.nn2 = FakeNameNode::active().await;
    world
}

fn touch(path: &Path) -> String {
    format!("shell(touch {})", path.display())
}

#[tokio::test]
async fn fc_091_who_obeys_is_not_fenced_by_force() {
    let dir = tempfile::tempdir().unwrap();
    let mark = dir.path().join("forced");
    let world = with_active_nn2().await.set("dfs.ha.fencing.methods", touch(&mark));
    world.leave_breadcrumb_of_nn2();
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    assert_eq!(world.nn2.told(), ["transitionToStandby"]);
    assert!(!mark.exists());
    assert!(world.nn1.is_active() && !world.nn2.is_active());
}

#[tokio::test]
async fn who_says_that_it_is_standby_is_left_alone() {
    let world = World::new(LONG).await;
    world.leave_breadcrumb_of_nn2();
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    assert!(world.nn2.told().is_empty());
    assert_eq!(node.fenced_by().as_deref(), Some("being standby"));
}

#[tokio::test]
async fn fc_094_force_is_the_targets_own() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, its) = (dir.path().join("ours"), dir.path().join("its"));
    let world = with_active_nn2()
        .await
        .set("dfs.ha.fencing.methods.ns1.nn1", touch(&ours))
        .set("dfs.ha.fencing.methods.ns1.nn2", touch(&its));
    world.leave_breadcrumb_of_nn2();
    world.nn2.kill();
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    assert!(its.exists() && !ours.exists());
    let timeline = node.failover().await;
    assert!(timeline.fencing.unwrap().contains("shell(touch"));
}

#[tokio::test]
async fn a_hung_namenode_is_forced_after_a_fifth_of_the_graceful_limit() {
    let world = with_active_nn2().await.set("dfs.ha.fencing.methods.ns1.nn2", "shell(true)");
    world.leave_breadcrumb_of_nn2();
    world.nn2.set_mood(Mood::Hung);
    let node = world.run("nn1").await;
    let timeline = node.failover().await;
    assert_eq!(timeline.outcome, Outcome::Activated);
    let tenths = timeline.phases.fence_ms.unwrap() / 100;
    assert!((2..5).contains(&tenths), "{timeline:?}");
}

#[tokio::test]
async fn fc_042_what_cannot_be_fenced_keeps_its_breadcrumb() {
    let world = with_active_nn2().await;
    let nn2 = world.leave_breadcrumb_of_nn2();
    world.nn2.kill();
    let node = world.run("nn1").await;
    let timeline = node.failover().await;
    assert!(matches!(timeline.outcome, Outcome::Failed(_)));
    assert_eq!(world.ensemble.breadcrumb().unwrap().data, nn2.encode());
    assert!(world.nn1.told().iter().all(|told| told != "transitionToActive"));
    let stuck = node.status().stuck_fencing.unwrap();
    assert_eq!(stuck.target, nn2);
    assert!(stuck.reason.contains("shell(false)"), "{}", stuck.reason);
}

#[tokio::test]
async fn a_person_can_vouch_for_a_fencing_that_fails() {
    let world = with_active_nn2().await;
    let nn2 = world.leave_breadcrumb_of_nn2();
    world.nn2.kill();
    let node = world.run("nn1").await;
    until("stuck", || node.status().stuck_fencing.is_some()).await;
    let wrong = node.handle.confirm_fenced(node.own.id.clone(), "ann".to_owned()).await;
    assert!(wrong.unwrap_err().to_string().contains("nn2"));
    node.handle.confirm_fenced(nn2.id, "ann".to_owned()).await.unwrap();
    node.is("ACTIVE").await;
}

#[tokio::test]
async fn who_is_still_starting_is_not_killed() {
    let dir = tempfile::tempdir().unwrap();
    let mark = dir.path().join("killed");
    let world = World::new(LONG).await.set("dfs.ha.fencing.methods", touch(&mark));
    world.leave_breadcrumb_of_nn2();
    world.nn2.set_mood(Mood::Starting);
    let node = world.run("nn1").await;
    let timeline = node.failover().await;
    assert!(matches!(&timeline.outcome, Outcome::Failed(why) if why.contains("starting")));
    world.nn2.set_mood(Mood::Well);
    node.is("ACTIVE").await;
    assert!(!mark.exists());
}

#[tokio::test]
async fn fc_008_a_breadcrumb_that_fits_no_configured_namenode_stops_the_failover() {
    let world = World::new(LONG).await;
    let mut strange = world.leave_breadcrumb_of_nn2();
    strange.port += 1;
    world.ensemble.set_breadcrumb(strange.encode());
    let node = world.run("nn1").await;
    let timeline = node.failover().await;
    let Outcome::Failed(why) = timeline.outcome else { panic!("{timeline:?}") };
    assert!(why.contains("our configuration has ns1/nn2"), "{why}");
    assert!(!world.nn1.is_active());
}
