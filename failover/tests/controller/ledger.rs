use failover::ledger::{Confirmation, Paused};
use failover::lock::LockService;
use failover::types::Health;

use super::fixture::{LONG, World};
use super::namenode::{FakeNameNode, Mood};
use super::patience::until;

fn by_ann() -> Paused {
    Paused { by: "ann".to_owned(), at_ms: 1, why: "disks".to_owned() }
}

#[tokio::test]
async fn a_pause_in_the_ledger_holds_until_somebody_resumes() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    let session = world.ensemble.open().await.unwrap();
    session.ledger().pause(by_ann()).await.unwrap();
    until("paused", || node.status().paused).await;
    world.nn1.set_mood(Mood::Ill);
    until("sick", || node.status().health_reason.contains("no disk")).await;
    assert!(world.ensemble.lock().is_some());
    session.ledger().resume().await.unwrap();
    node.is("INIT").await;
    assert_eq!(world.ensemble.lock(), None);
}

#[tokio::test]
async fn who_starts_while_paused_does_not_join() {
    let world = World::new(LONG).await;
    let session = world.ensemble.open().await.unwrap();
    session.ledger().pause(by_ann()).await.unwrap();
    let node = world.run_with("nn1", |parts| parts.paused = Some(by_ann())).await;
    until("healthy", || node.status().health == Health::Healthy).await;
    assert!(!node.status().in_election && node.status().paused);
    assert_eq!(world.ensemble.lock(), None);
}

#[tokio::test]
async fn a_persons_word_in_the_ledger_is_taken_by_the_node_that_needs_it() {
    let mut world = World::new(LONG).await;
    world.nn2 = FakeNameNode::active().await;
    let nn2 = world.leave_breadcrumb_of_nn2();
    world.nn2.kill();
    let node = world.run("nn1").await;
    until("stuck", || node.status().stuck_fencing.is_some()).await;
    let session = world.ensemble.open().await.unwrap();
    let word = Confirmation {
        by: "ann".to_owned(),
        at_ms: 1,
        why: "powered off".to_owned(),
        namenode: nn2.id,
        breadcrumb_version: 0,
        breadcrumb_mzxid: world.ensemble.breadcrumb_mzxid().unwrap(),
    };
    session.ledger().confirm_fenced(word).await.unwrap();
    node.is("ACTIVE").await;
    assert_eq!(session.ledger().confirmation().await, Ok(None));
}
