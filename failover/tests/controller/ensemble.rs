use std::thread;
use std::time::Duration;

use failover::lock::LockError;
use failover::lock::memory::Request;

use super::fixture::{LONG, World};
use super::namenode::Mood;
use super::patience::until;

#[tokio::test]
async fn fc_028_without_contact_the_namenode_is_left_as_it_is() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    let (session, _) = world.ensemble.lock().unwrap();
    let told = world.nn1.told();
    world.ensemble.disconnect(session);
    node.is("NEUTRAL").await;
    assert_eq!(world.nn1.told(), told);
    world.ensemble.reconnect(session);
    node.is("ACTIVE").await;
    assert_eq!(world.ensemble.lock().unwrap().0, session);
}

#[tokio::test]
async fn fc_030_after_an_expiry_it_races_again_in_a_new_session() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    let (session, _) = world.ensemble.lock().unwrap();
    world.ensemble.expire(session);
    until("a new session has the lock", || {
        world.ensemble.lock().is_some_and(|(owner, _)| owner != session)
    })
    .await;
    node.is("ACTIVE").await;
    assert_eq!(node.status().counters.expired_sessions, 1);
    assert!(world.nn1.told().iter().all(|told| told == "transitionToActive"));
}

#[tokio::test]
async fn an_ensemble_that_is_out_of_reach_is_waited_for() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    (0..2).for_each(|_| world.ensemble.fail_next(Request::Open, LockError::ConnectionLoss));
    let (session, _) = world.ensemble.lock().unwrap();
    world.ensemble.expire(session);
    node.is("NEUTRAL").await;
    node.is("ACTIVE").await;
    assert!(world.ensemble.lock().is_some_and(|(owner, _)| owner != session));
}

#[tokio::test]
async fn fc_019_it_ends_without_an_ensemble_if_that_is_wanted() {
    let world = World::new(LONG).await;
    let mut node = world.run_with("nn1", |parts| parts.session_tries = Some(2)).await;
    node.is("ACTIVE").await;
    (0..9).for_each(|_| world.ensemble.fail_next(Request::Open, LockError::ConnectionLoss));
    world.ensemble.expire(world.ensemble.lock().unwrap().0);
    let ended = node.ended().await;
    assert_eq!(ended.code, 1);
    assert!(ended.text.contains("in 2 attempts"), "{}", ended.text);
    assert!(world.nn1.is_active());
}

#[tokio::test]
async fn fc_017_credentials_that_are_refused_end_it() {
    let world = World::new(LONG).await;
    let mut node = world.run("nn1").await;
    node.is("ACTIVE").await;
    world.ensemble.refuse_credentials(world.ensemble.lock().unwrap().0);
    assert_eq!(node.ended().await.code, 1);
    assert!(world.nn1.is_active());
}

/// The test blocks the only thread of its runtime, so all of the process stands still.
#[tokio::test(flavor = "current_thread")]
async fn after_a_stall_it_looks_before_it_believes() {
    let timeout = Duration::from_millis(900);
    let world = World::new(timeout).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    let before = world.nn1.told().len();
    thread::sleep(timeout / 2);
    until("it looked and went on", || world.nn1.told().len() > before).await;
    node.is("ACTIVE").await;
    assert_eq!(world.nn1.told()[before], "transitionToActive");
}

#[tokio::test]
async fn fc_057_a_sick_namenode_leaves_the_election_and_comes_back() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    world.nn1.set_mood(Mood::Ill);
    node.is("INIT").await;
    assert_eq!(world.ensemble.lock(), None);
    assert!(world.ensemble.breadcrumb().is_some());
    assert!(node.status().health_reason.contains("no disk"));
    world.nn1.set_mood(Mood::Well);
    node.is("ACTIVE").await;
}
