use std::time::{Duration, Instant};

use failover::engine::Stop;

use super::fixture::{LONG, World};
use super::namenode::Mood;
use super::patience::until;

#[tokio::test]
async fn a_stop_hands_over_without_fencing() {
    let world = World::new(LONG).await;
    let first = world.run("nn1").await;
    first.is("ACTIVE").await;
    let second = world.run("nn2").await;
    second.is("STANDBY").await;
    assert_eq!(first.stop().await.code, 0);
    second.is("ACTIVE").await;
    assert!(world.nn2.is_active() && !world.nn1.is_active());
    assert_eq!(second.failover().await.fencing, None);
}

#[tokio::test]
async fn a_stop_of_a_standby_touches_nothing() {
    let world = World::new(LONG).await;
    let first = world.run("nn1").await;
    first.is("ACTIVE").await;
    let second = world.run("nn2").await;
    until("told to be standby", || world.nn2.told() == ["transitionToStandby"]).await;
    let told = world.nn2.told();
    assert_eq!(second.stop().await.code, 0);
    assert_eq!(world.nn2.told(), told);
    assert!(world.nn1.is_active());
    assert_eq!(world.ensemble.sessions().len(), 1);
}

#[tokio::test]
async fn a_namenode_that_hangs_holds_up_a_stop_for_its_time_only() {
    let world = World::new(LONG).await;
    let stop_timeout = Duration::from_millis(300);
    let mut node = world.run_with("nn1", |parts| parts.settings.stop_timeout = stop_timeout).await;
    node.is("ACTIVE").await;
    world.nn1.set_mood(Mood::Hung);
    let begun = Instant::now();
    node.handle.stop(Stop::HandOver);
    assert_eq!(node.ended().await.code, 0);
    assert!(begun.elapsed() >= stop_timeout && begun.elapsed() < Duration::from_secs(3));
    assert_eq!(world.ensemble.lock(), None);
    assert!(world.ensemble.breadcrumb().is_some(), "nobody confirmed that it is standby");
}
