//! ACLs and credentials.

use anyhow::{Result, ensure};
use failover::lock::{LockError, LockService, SessionEvent};
use system_tests::zookeeper::Gate;
use zookeeper_client::Permission;

use crate::fixture::{
    JAVA_NN1, Listened, PARENT, client, formatted, secured, settings, with_server,
};

/// `hdfs:secret` as ZooKeeper stores it.
const ACL: &str = "digest:hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs=:rwcda";
const AUTH: &str = "digest:other:nothing, digest:hdfs:secret";

#[test]
fn fc_013_only_the_one_with_the_credentials_takes_the_lock() {
    with_server("failover-access-digest", async |server| {
        let lock = formatted(&secured(server.address(), ACL, AUTH)?).await?;
        let stranger = crate::fixture::lock(&settings(server.address()))?.open().await?;
        let refused = stranger.create_lock(JAVA_NN1).await;
        ensure!(refused == Err(LockError::NoAuth), "{refused:?}");
        // Since 3.8.4 even a look needs the right to read (ZOOKEEPER-2590).
        ensure!(stranger.parent_exists().await == Err(LockError::NoAuth));
        let known = lock.open().await?;
        known.create_lock(JAVA_NN1).await?;
        known.write_breadcrumb(JAVA_NN1, None).await?;
        ensure!(stranger.read_breadcrumb().await == Err(LockError::NoAuth));
        for name in ["", "/ActiveStandbyElectorLock", "/ActiveBreadCrumb"] {
            only_hdfs(server.address(), &format!("{PARENT}{name}")).await?;
        }
        Ok(())
    });
}

async fn only_hdfs(server: impl ToString, path: &str) -> Result<()> {
    let reader = client(server).await?;
    reader.auth("digest", b"hdfs:secret").await?;
    let (acl, _) = reader.get_acl(path).await?;
    let one = acl.len() == 1 && acl[0].permission() == Permission::ALL;
    ensure!(one && acl[0].id() == "hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs=", "{path}: {acl:?}");
    Ok(())
}

#[test]
fn fc_012_an_empty_acl_leaves_all_to_the_creator() {
    with_server("failover-access-creator", async |server| {
        let lock = formatted(&secured(server.address(), "", "digest:hdfs:secret")?).await?;
        let known = lock.open().await?;
        known.create_lock(JAVA_NN1).await?;
        only_hdfs(server.address(), PARENT).await
    });
}

#[test]
fn fc_013_credentials_are_given_again_after_an_interruption() {
    with_server("failover-access-again", async |server| {
        let gate = Gate::before(server.address())?;
        let lock = formatted(&secured(gate.address(), ACL, AUTH)?).await?;
        let mut known = Listened::open(&lock).await?;
        gate.shut();
        known.expect(SessionEvent::Disconnected).await?;
        gate.open();
        known.expect(SessionEvent::Connected).await?;
        known.session.create_lock(JAVA_NN1).await?;
        Ok(())
    });
}

#[test]
fn fc_017_credentials_of_an_unknown_scheme_are_refused() {
    with_server("failover-access-scheme", async |server| {
        let lock = crate::fixture::lock(&secured(server.address(), ACL, "no-such-scheme:x")?)?;
        let refused = lock.open().await.err();
        ensure!(refused == Some(LockError::AuthFailed), "{refused:?}");
        Ok(())
    });
}
