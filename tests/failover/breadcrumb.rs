//! A breadcrumb that names the own NameNode in other words, and one that fits nobody.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use failover::types::{ActiveNode, NameNodeId};
use system_tests::ha::HaCluster;
use system_tests::hadoop::FailoverControllerKind::{self, Java, Rust};
use system_tests::process::wait_until;
use zookeeper_client::{Acls, CreateMode};

use crate::kinds;

const PATH: &str = "/hadoop-ha/ns1/ActiveBreadCrumb";
const ATTEMPTS: usize = 5;
/// Four pauses of ours, each twice as long as the one before; Java's last a second each.
const BACKED_OFF: Duration = Duration::from_secs(1 + 2 + 4 + 8);
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn ours_knows_itself_and_backs_off_from_a_stranger() {
    kinds::run("failover.breadcrumb", |root| {
        let (itself, took) = scenario(root, Rust)?;
        ensure!(itself.contains("nobody to fence, rewriting it"), "{itself}");
        ensure!(took >= BACKED_OFF, "{ATTEMPTS} attempts in {took:?}");
        Ok(())
    });
}

#[test]
fn javas_fences_itself_and_never_pauses_for_longer() {
    kinds::run("failover.breadcrumb_java", |root| {
        let (itself, took) = scenario(root, Java)?;
        ensure!(itself.contains("Should fence: NameNode at"), "{itself}");
        ensure!(took < BACKED_OFF, "{ATTEMPTS} attempts took {took:?}");
        Ok(())
    });
}

/// What the controller of nn1 logs until it is active behind a breadcrumb that spells nn1
/// otherwise; and how long it takes to fail at one that names no NameNode of the configuration.
// FC-008, FC-038
fn scenario(root: &Path, kind: FailoverControllerKind) -> Result<(String, Duration)> {
    let mut cluster = HaCluster::builder(root, &[kind, kind]).build()?;
    cluster.start_namenodes()?;
    cluster.format_zookeeper(0)?;
    leave(&cluster, "nn1", "127.0.0.1")?;
    cluster.controllers[0].start()?;
    cluster.await_active(0)?;
    let itself = cluster.controllers[0].logged()?;
    cluster.controllers[0].kill()?;

    leave(&cluster, "nn9", "127.0.0.1")?;
    cluster.controllers[0].start()?;
    let complaint = match kind {
        Java => "Exception handling the winning of election",
        Rust => "ERROR failover::controller::journal: cannot fence whom the breadcrumb names",
    };
    let await_failures = |count| {
        wait_until(&format!("failure {count}"), LIMIT, || {
            let log = cluster.controllers[0].logged()?;
            Ok((log.matches(complaint).count() >= count).then_some(()))
        })
    };
    await_failures(1)?;
    let begun = Instant::now();
    await_failures(ATTEMPTS)?;
    let took = begun.elapsed();
    cluster.znodes()?.with(async |client| Ok(client.delete(PATH, None).await?))?;
    cluster.await_active(0)?;
    Ok((itself, took))
}

/// Writes a breadcrumb of a NameNode of ns1 at the address of nn1.
fn leave(cluster: &HaCluster, namenode: &str, host: &str) -> Result<()> {
    let node = ActiveNode {
        id: NameNodeId::new("ns1", namenode),
        hostname: host.to_owned(),
        port: cluster.namenodes[0].rpc_address().port().into(),
        zkfc_port: cluster.controllers[0].rpc_address().port().into(),
    };
    cluster.znodes()?.with(async |client| {
        if client.check_stat(PATH).await?.is_some() {
            client.set_data(PATH, &node.encode(), None).await?;
        } else {
            let mode = CreateMode::Persistent.with_acls(Acls::anyone_all());
            client.create(PATH, &node.encode(), &mode).await?;
        }
        Ok(())
    })
}
