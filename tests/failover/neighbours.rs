//! A ZooKeeper that others use too, and that asks for credentials.

use std::path::Path;

use anyhow::{Result, ensure};
use system_tests::ha::HaCluster;
use zookeeper_client::{Acls, Client, CreateMode, Stat};

use crate::kinds::{Kinds, with_kinds};

/// `hdfs:secret` as ZooKeeper stores it.
const ACL: &str = "digest:hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs=:rwcda";
/// What Kafka, YARN and another nameservice keep.
const OTHERS: [&str; 6] = [
    "/brokers/ids/0",
    "/brokers/topics/t/partitions/0/state",
    "/controller_epoch",
    "/yarn-leader-election/yarn-ha/ActiveBreadCrumb",
    "/rmstore/ZKRMStateRoot/RMAppRoot",
    "/hadoop-ha/other/ActiveBreadCrumb",
];

with_kinds!(scenario, rust, java_rust);

// FC-009, FC-011, FC-013
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let builder = HaCluster::builder(root, &kinds)
        .set("ha.zookeeper.acl", ACL)
        .set("ha.zookeeper.auth", "digest:hdfs:secret")
        .credentials("hdfs:secret");
    let mut cluster = builder.build()?;
    cluster.start_namenodes()?;
    let before = cluster.znodes()?.with(async |client| {
        let mode = CreateMode::Persistent.with_acls(Acls::anyone_all());
        for path in OTHERS {
            client.mkdir(path, &mode).await?;
            client.set_data(path, path.as_bytes(), None).await?;
        }
        all(client).await
    })?;
    cluster.format_zookeeper(0)?;
    for index in [0, 1] {
        cluster.controllers[index].start()?;
        cluster.await_active(0)?;
    }
    let load = cluster.start_load("neighbours")?;
    cluster.namenodes[0].kill()?;
    cluster.await_active(1)?;
    cluster.conclude(&load, 1)?;
    let after = cluster.znodes()?.with(async |client| all(client).await)?;
    ensure!(before == after, "what others keep has changed: {before:?}, {after:?}");
    let known = cluster.znodes()?.with(async |client| {
        let mut counts = Vec::new();
        for name in ["", "/ActiveStandbyElectorLock", "/ActiveBreadCrumb"] {
            let (acl, _) = client.get_acl(&format!("/hadoop-ha/ns1{name}")).await?;
            counts.push(acl.iter().map(|acl| acl.id().to_owned()).collect::<Vec<_>>());
        }
        Ok(counts)
    })?;
    ensure!(
        known.iter().all(|ids| ids == &["hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs="]),
        "open to others: {known:?}"
    );
    Ok(())
}

async fn all(client: &Client) -> Result<Vec<(Vec<u8>, Stat)>> {
    let mut znodes = Vec::new();
    for path in OTHERS {
        znodes.push(client.get_data(path).await?);
    }
    Ok(znodes)
}
