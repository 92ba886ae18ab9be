use std::time::Duration;

use failover::namenode::CallOptions;
use failover::rpc::PeerController;
use hadoop_ipc::client::Target;

use super::fixture::{LONG, Node, World};
use super::patience::soon;

const LIMIT: Duration = Duration::from_secs(20);

fn caller(node: &Node) -> PeerController {
    let address = Target::new("127.0.0.1", u16::try_from(node.own.zkfc_port).unwrap());
    PeerController::new(address, &CallOptions::new(Some("hdfs".to_owned())).without_retries())
}

#[tokio::test]
async fn fc_069_who_cedes_has_no_lock_and_no_breadcrumb_when_it_answers() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    caller(&node).cede_active(60_000, LIMIT).await.unwrap();
    assert_eq!(world.ensemble.lock(), None);
    assert_eq!(world.ensemble.breadcrumb(), None);
    assert!(!world.nn1.is_active());
    let left = node.status().delay_remaining_seconds;
    assert!((50.0..=60.0).contains(&left), "{left}");
    assert_eq!(node.status().counters.cedes, 1);

    caller(&node).cede_active(-1, LIMIT).await.unwrap();
    node.is("ACTIVE").await;
}

#[tokio::test]
async fn fc_076_a_graceful_failover_moves_the_active_and_fences_nobody() {
    let world = World::new(LONG).await;
    let first = world.run("nn1").await;
    first.is("ACTIVE").await;
    let second = world.run("nn2").await;
    second.is("STANDBY").await;
    soon(caller(&second).graceful_failover(LIMIT)).await.unwrap();
    assert!(world.nn2.is_active() && !world.nn1.is_active());
    second.is("ACTIVE").await;
    first.is("STANDBY").await;
    assert_eq!(second.failover().await.fencing, None);
}

#[tokio::test]
async fn fc_075_without_an_active_the_caller_reads_why() {
    let world = World::new(LONG).await;
    let node = world.run("nn1").await;
    node.is("ACTIVE").await;
    caller(&node).cede_active(60_000, LIMIT).await.unwrap();
    let fault = caller(&node).graceful_failover(LIMIT).await.unwrap_err();
    assert!(fault.message.contains("ServiceFailedException: no other node is active"), "{fault}");
}

#[tokio::test]
async fn fc_078_when_the_actives_controller_is_down_the_active_stays() {
    let world = World::new(LONG).await;
    let first = world.run("nn1").await;
    first.is("ACTIVE").await;
    let second = world.run("nn2").await;
    second.is("STANDBY").await;
    first.hang_up().await;
    let fault = caller(&second).graceful_failover(LIMIT).await.unwrap_err();
    assert!(fault.message.contains("ConnectException"), "{fault}");
    assert!(world.nn1.is_active() && !world.nn2.is_active());
}
