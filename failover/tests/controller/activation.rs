use failover::ledger::Outcome;
use failover::types::ActiveNode;

use super::fixture::{LONG, Node, World};
use super::namenode::Mood;
use super::patience::until;

#[tokio::test]
async fn fc_023_a_healthy_namenode_becomes_active_behind_lock_and_breadcrumb() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    assert!(world.nn1.is_active());
    let (_, data) = world.ensemble.lock().unwrap();
    assert_eq!(ActiveNode::decode(&data), Ok(node.own.clone()));
    assert_eq!(world.ensemble.breadcrumb().unwrap().data, data);
    let timeline = node.failover().await;
    assert_eq!((timeline.from, timeline.outcome), (None, Outcome::Activated));
    assert_eq!(timeline.why, "joining the election");
}

#[tokio::test]
async fn fc_024_the_second_stands_by_and_takes_over_when_the_lock_is_free() {
    let world = World::new(LONG).await;
    let first = world.run("nn1").await;
    first.is("ACTIVE").await;
    let second = world.run("nn2").await;
    second.is("STANDBY").await;
    let written = |node: &Node| node.status().breadcrumb_age_seconds;
    assert!(written(&first).is_some_and(|age| age < LONG.as_secs_f64()));
    assert_eq!(written(&second), None, "another wrote it");
    until("it was told", || world.nn2.told() == ["transitionToStandby"]).await;
    until("the holder is known", || {
        second.status().lock_owner.is_some_and(|owner| owner.id == first.own.id)
    })
    .await;

    world.nn1.set_mood(Mood::Ill);
    second.is("ACTIVE").await;
    assert!(world.nn2.is_active() && !world.nn1.is_active());
    let timeline = second.failover().await;
    assert_eq!(timeline.from, Some(first.own.id.clone()));
    assert_eq!(second.fenced_by().as_deref(), Some("transitionToStandby"));
    assert_eq!(second.status().failovers.len(), 1);
    assert!(written(&second).is_some());
    until("it is no longer its own", || written(&first).is_none()).await;
}

#[tokio::test]
async fn fc_040_a_failed_activation_gives_the_lock_to_another() {
    let world = World::new(LONG).await;
    world.nn1.set_mood(Mood::Stubborn);
    let stubborn = world.run("nn1").await;
    let timeline = stubborn.failover().await;
    assert!(matches!(&timeline.outcome, Outcome::Failed(why) if why.contains("no quorum")));
    let other = world.run("nn2").await;
    other.is("ACTIVE").await;
    assert!(world.nn2.is_active());
    until("told to go back", || world.nn1.told().contains(&"transitionToStandby".to_owned())).await;
}

#[tokio::test]
async fn fc_060_who_was_made_an_observer_since_its_last_check_fences_nobody() {
    let world = World::new(LONG).await.set("dfs.ha.fencing.methods", "shell(true)");
    let first = world.run("nn1").await;
    first.is("ACTIVE").await;
    let breadcrumb = world.ensemble.breadcrumb().unwrap();
    let world = world.set("ha.health-monitor.check-interval.ms", 600_000);
    let second = world.run("nn2").await;
    second.is("STANDBY").await;
    until("it was told", || world.nn2.told() == ["transitionToStandby"]).await;
    world.nn2.observe();
    world.nn1.kill();
    drop(first);
    world.ensemble.expire(world.ensemble.lock().unwrap().0);
    second.is("INIT").await;
    assert_eq!(world.ensemble.lock(), None);
    assert_eq!(world.ensemble.breadcrumb().unwrap().version, breadcrumb.version);
    assert_eq!(world.nn2.told(), ["transitionToStandby"]);
}
