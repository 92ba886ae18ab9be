//! The daemon around a controller.

use std::sync::Arc;

use failover::daemon::Daemon;
use failover::http::StatusSource;
use failover::lock::LockService;
use failover::types::ActiveNode;

use super::fixture::{LONG, World};
use super::patience::until;

#[tokio::test]
async fn fc_005_lock_and_breadcrumb_name_the_port_that_is_really_bound() {
    const ANY: u16 = 0;
    let world = World::new(LONG).await;
    let settings = Arc::new(world.settings("nn1", ANY));
    let session = world.ensemble.open().await.unwrap();
    let lock = Arc::new(world.ensemble.clone());
    let daemon = Daemon::start(settings, lock, session).await.unwrap();
    let (port, handle) = (daemon.rpc_address().port(), daemon.handle().clone());
    let serving = tokio::spawn(daemon.serve(std::future::pending()));
    until("nn1 is active", || handle.status().elector == "ACTIVE").await;
    let (lock, breadcrumb) = (world.ensemble.lock().unwrap(), world.ensemble.breadcrumb().unwrap());
    for written in [lock.1, breadcrumb.data] {
        let node = ActiveNode::decode(&written).unwrap();
        assert_eq!(node.zkfc_port, i32::from(port));
        assert_ne!(node.zkfc_port, i32::from(ANY));
    }
    serving.abort();
}
