//! Taking the lock, watching it, giving it back.

use std::time::Instant;

use anyhow::ensure;
use bytes::Bytes;
use failover::lock::{LockError, LockService, SessionEvent};
use failover::types::ActiveNode;
use system_tests::process::PortLease;
use zookeeper_client::{Acls, CreateMode};

use crate::fixture::{
    JAVA_NN1, Listened, PARENT, TIMEOUT, block_on, client, formatted, settings, with_server,
};

#[test]
fn fc_018_a_first_connect_fails_within_the_session_timeout() {
    let nobody = PortLease::take().unwrap();
    let lock = crate::fixture::lock(&settings(nobody.address())).unwrap();
    let started = Instant::now();
    let error = block_on(async { Ok(lock.open().await.err()) }).unwrap();
    assert_eq!(error, Some(LockError::ConnectionLoss));
    assert!(started.elapsed() < TIMEOUT * 2, "{:?}", started.elapsed());
}

#[test]
fn fc_037_a_closed_session_gives_the_lock_to_the_one_who_waits() {
    with_server("failover-lock-close", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let one = Listened::open(&lock).await?;
        let mut two = Listened::open(&lock).await?;
        ensure!(one.session.timeout() == TIMEOUT);
        one.session.create_lock(JAVA_NN1).await?;
        ensure!(one.owns_lock().await?);
        let taken = two.session.create_lock(JAVA_NN1).await;
        ensure!(taken == Err(LockError::NodeExists), "{taken:?}");
        ensure!(!two.owns_lock().await?);
        let closed = Instant::now();
        one.session.close().await;
        two.expect(SessionEvent::LockDeleted).await?;
        ensure!(closed.elapsed() < TIMEOUT / 2, "only after {:?}", closed.elapsed());
        two.session.create_lock(JAVA_NN1).await?;
        ensure!(two.owns_lock().await?);
        let over = one.session.stat_lock().await;
        ensure!(over == Err(LockError::SessionExpired), "{over:?}");
        Ok(())
    });
}

#[test]
fn a_dropped_session_gives_the_lock_back_too() {
    with_server("failover-lock-drop", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let one = lock.open().await?;
        let mut two = Listened::open(&lock).await?;
        one.create_lock(JAVA_NN1).await?;
        two.session.stat_lock().await?;
        drop(one);
        two.expect(SessionEvent::LockDeleted).await
    });
}

#[test]
fn each_change_of_the_lock_is_told_once_per_look() {
    with_server("failover-lock-watch", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let mut watching = Listened::open(&lock).await?;
        let path = format!("{PARENT}/ActiveStandbyElectorLock");
        let operator = client(server.address()).await?;
        // Several looks, one watch.
        for _ in 0..3 {
            ensure!(watching.session.stat_lock().await?.is_none());
        }
        let ephemeral = CreateMode::Ephemeral.with_acls(Acls::anyone_all());
        operator.create(&path, b"", &ephemeral).await?;
        watching.expect(SessionEvent::LockCreated).await?;
        operator.set_data(&path, b"x", None).await?;
        watching.session.stat_lock().await?;
        operator.set_data(&path, b"y", None).await?;
        watching.expect(SessionEvent::LockChanged).await?;
        watching.session.stat_lock().await?;
        operator.delete(&path, None).await?;
        watching.expect(SessionEvent::LockDeleted).await?;
        ensure!(watching.events.try_recv().is_err(), "told twice");
        Ok(())
    });
}

#[test]
fn fc_039_a_breadcrumb_is_written_and_deleted_by_version() {
    with_server("failover-lock-breadcrumb", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let session = lock.open().await?;
        ensure!(session.parent_exists().await?);
        ensure!(session.read_breadcrumb().await?.is_none());
        session.write_breadcrumb(JAVA_NN1, None).await?;
        let again = session.write_breadcrumb(JAVA_NN1, None).await;
        ensure!(again == Err(LockError::NodeExists), "{again:?}");
        session.write_breadcrumb(Bytes::from_static(b"two"), Some(0)).await?;
        let stale = session.write_breadcrumb(JAVA_NN1, Some(0)).await;
        ensure!(stale == Err(LockError::BadVersion), "{stale:?}");
        ensure!(session.delete_breadcrumb(0).await == Err(LockError::BadVersion));
        let breadcrumb = session.read_breadcrumb().await?;
        ensure!(breadcrumb.is_some_and(|found| found.version == 1 && &found.data[..] == b"two"));
        session.delete_breadcrumb(1).await?;
        ensure!(session.delete_breadcrumb(1).await == Err(LockError::NoNode));
        Ok(())
    });
}

#[test]
fn fc_108_a_lock_that_java_wrote_is_read() {
    with_server("failover-lock-java", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let java = client(server.address()).await?;
        let ephemeral = CreateMode::Ephemeral.with_acls(Acls::anyone_all());
        java.create(&format!("{PARENT}/ActiveStandbyElectorLock"), &JAVA_NN1, &ephemeral).await?;
        let session = lock.open().await?;
        let owner = session.stat_lock().await?;
        ensure!(owner.is_some_and(|owner| owner.session.0 == java.session_id().0), "{owner:?}");
        let data = session.read_lock().await?.unwrap_or_default();
        let node = ActiveNode::decode(&data)?;
        ensure!(
            (node.hostname.as_str(), node.port, node.zkfc_port) == ("127.0.0.11", 20101, 20121)
        );
        Ok(())
    });
}

#[test]
fn fc_051_without_the_parent_there_is_no_lock_to_take() {
    with_server("failover-lock-no-parent", async |server| {
        let session = crate::fixture::lock(&settings(server.address()))?.open().await?;
        ensure!(!session.parent_exists().await?);
        ensure!(session.create_lock(JAVA_NN1).await == Err(LockError::NoNode));
        Ok(())
    });
}
