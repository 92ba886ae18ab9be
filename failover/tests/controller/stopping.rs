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

/// The first controller of nn1 and a standby beside it; the first one leaves its session behind.
async fn left_behind(world: &World) -> (u16, super::fixture::Node) {
    let mut first = world.run("nn1").await;
    first.is("ACTIVE").await;
    until("the lock is marked", || world.ensemble.is_marked()).await;
    let second = world.run("nn2").await;
    until("told to be standby", || world.nn2.told() == ["transitionToStandby"]).await;
    first.handle.stop(Stop::Detach);
    assert_eq!(first.ended().await.code, 0);
    first.hang_up().await;
    (u16::try_from(first.own.zkfc_port).unwrap(), second)
}

#[tokio::test]
async fn the_next_process_takes_the_lock_over_and_the_namenode_stays_active() {
    let world = World::new(LONG).await;
    let (port, second) = left_behind(&world).await;
    let (before, data) = world.ensemble.lock().unwrap();
    let next = world.run_at("nn1", port).await;
    next.is("ACTIVE").await;
    let (after, same) = world.ensemble.lock().unwrap();
    assert!(after != before && same == data);
    assert!(world.nn1.told().iter().all(|told| told == "transitionToActive"));
    assert_eq!(world.nn2.told(), ["transitionToStandby"]);
    second.is("STANDBY").await;
}

#[tokio::test]
async fn what_another_port_left_behind_is_not_taken_over() {
    let world = World::new(LONG).await;
    let (_, second) = left_behind(&world).await;
    let next = world.run("nn1").await;
    next.is("STANDBY").await;
    let (ghost, _) = world.ensemble.lock().unwrap();
    world.ensemble.expire(ghost);
    until("somebody is active", || {
        [&next, &second].iter().any(|node| node.status().elector == "ACTIVE")
    })
    .await;
}

#[tokio::test]
async fn a_namenode_that_was_fenced_meanwhile_is_not_taken_for_active() {
    let world = World::new(LONG).await;
    let (port, _second) = left_behind(&world).await;
    world.nn1.fence();
    let (ghost, _) = world.ensemble.lock().unwrap();
    let next = world.run_at("nn1", port).await;
    next.is("STANDBY").await;
    assert_eq!(world.ensemble.lock().unwrap().0, ghost);
}
