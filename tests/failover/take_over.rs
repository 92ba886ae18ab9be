//! The lock moves from one process of a controller to the next.

use anyhow::{Result, ensure};
use failover::lock::{LockError, LockService};

use crate::fixture::{JAVA_NN1, formatted, settings, with_server};

#[test]
fn only_a_marked_lock_with_its_breadcrumb_is_taken_over() {
    with_server("failover-take-over", async |server| {
        let lock = formatted(&settings(server.address())).await?;
        let (before, next) = (lock.open().await?, lock.open().await?);
        before.create_lock(JAVA_NN1).await?;
        before.write_breadcrumb(JAVA_NN1, None).await?;
        ensure!(next.take_over(JAVA_NN1, 0).await == Err(LockError::BadVersion), "not marked");
        before.mark_lock(JAVA_NN1).await?;
        ensure!(before.mark_lock(JAVA_NN1).await == Err(LockError::BadVersion), "marked twice");
        ensure!(next.take_over(JAVA_NN1, 1).await == Err(LockError::BadVersion), "breadcrumb");
        let owner = next.stat_lock().await?.map(|owner| owner.session);
        ensure!(owner == Some(before.id()), "{owner:?}");

        next.take_over(JAVA_NN1, 0).await?;
        before.close().await;
        let owner = next.stat_lock().await?.map(|owner| (owner.session, owner.version));
        ensure!(owner == Some((next.id(), 0)), "{owner:?}");
        let breadcrumb = next.read_breadcrumb().await?.map(|found| (found.data, found.version));
        ensure!(breadcrumb == Some((JAVA_NN1, 1)), "{breadcrumb:?}");
        Ok(())
    });
}

#[test]
fn a_lock_that_is_gone_is_not_taken_over() {
    with_server("failover-take-over-gone", async |server| -> Result<()> {
        let lock = formatted(&settings(server.address())).await?;
        let session = lock.open().await?;
        session.write_breadcrumb(JAVA_NN1, None).await?;
        ensure!(session.take_over(JAVA_NN1, 0).await == Err(LockError::NoNode));
        let breadcrumb = session.read_breadcrumb().await?.map(|found| found.version);
        ensure!(breadcrumb == Some(0), "both or neither: {breadcrumb:?}");
        Ok(())
    });
}
