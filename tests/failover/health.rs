//! One real NameNode, watched through its whole life.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use failover::namenode::{
    CallOptions, FaultKind, HealthMonitor, HealthReport, HealthSettings, NameNode as Watched,
    ThreadDump,
};
use failover::types::{Health, NameNodeId, ServiceState};
use hadoop_ipc::client::Target;
use rustix::process::Signal;
use system_tests::hadoop::{NameNode, Site};
use system_tests::process::WorkDir;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

const NAMESERVICE: &str = "ns1";
/// How long a NameNode may take to start on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(120);
const RPC_TIMEOUT: Duration = Duration::from_secs(5);
/// Java needs 1 to 2 s for it: up to a second until it looks, and a second connect a second
/// after the first was refused.
const NOTICED: Duration = Duration::from_millis(500);

#[test]
fn a_namenode_is_watched_from_its_start_to_its_end() {
    WorkDir::run("failover.health", |root| {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(scenario(root))
    });
}

// FC-064, FC-081, FC-083, FC-084, FC-085
async fn scenario(root: &Path) -> Result<()> {
    let mut namenode = configured(root)?;
    namenode.run(&["-format", "-force", "-nonInteractive"])?;
    let user = std::env::var("USER").unwrap_or_else(|_| "root".to_owned());
    let settings = HealthSettings { rpc_timeout: RPC_TIMEOUT, ..HealthSettings::default() };
    let (monitor, mut reports) = HealthMonitor::new(client(&namenode, &user), settings);
    let watching = tokio::spawn(monitor.run());

    namenode.spawn(&[])?;
    let report = next_change(&mut reports).await?;
    ensure!(report.health == Health::NotResponding, "while it starts: {report:?}");
    let report = next_change(&mut reports).await?;
    ensure!(report.health == Health::Healthy, "once it is up: {report:?}");
    ensure!(report.state == Some(ServiceState::Standby), "once it is up: {report:?}");

    tells_what_its_threads_do(&namenode).await?;
    let orders = client(&namenode, &user);
    orders.transition_to_active(START_LIMIT).await.context("become active")?;
    await_state(&mut reports, ServiceState::Active).await?;
    let eve = client(&namenode, "eve").transition_to_standby(RPC_TIMEOUT).await;
    let refused = eve.err().context("eve gave orders")?;
    ensure!(refused.kind == FaultKind::AccessDenied, "eve: {refused}");

    namenode.signal(Signal::STOP)?;
    let stopped = Instant::now();
    let report = next_change(&mut reports).await?;
    let noticed = stopped.elapsed();
    ensure!(report.health == Health::NotResponding, "while it is frozen: {report:?}");
    ensure!(noticed >= RPC_TIMEOUT, "taken for dead after {noticed:?}, which may be a collection");
    ensure!(noticed < RPC_TIMEOUT + Duration::from_secs(3), "frozen, noticed after {noticed:?}");
    namenode.signal(Signal::CONT)?;
    let report = next_change(&mut reports).await?;
    ensure!(report.health == Health::Healthy, "thawed: {report:?}");

    namenode.signal(Signal::KILL)?;
    let killed = Instant::now();
    let report = next_change(&mut reports).await?;
    let noticed = killed.elapsed();
    eprintln!("kill -9 to report: {noticed:?} ({})", report.why);
    ensure!(report.health == Health::NotResponding, "killed: {report:?}");
    ensure!(noticed < NOTICED, "killed, noticed after {noticed:?}: {report:?}");
    namenode.kill()?;

    namenode.spawn(&[])?;
    let report = next_change(&mut reports).await?;
    ensure!(report.health == Health::Healthy, "restarted: {report:?}");
    ensure!(report.state == Some(ServiceState::Standby), "restarted: {report:?}");
    drop(reports);
    timeout(RPC_TIMEOUT, watching).await.context("the monitor runs on without a reader")??;
    Ok(())
}

/// Two NameNodes by name, of which one exists; the edits are shared in a folder.
fn configured(root: &Path) -> Result<NameNode> {
    let namenode = NameNode::new("nn1", root)?;
    let absent = NameNode::new("nn2", root)?;
    let mut site = Site::new();
    site.set("fs.defaultFS", format!("hdfs://{NAMESERVICE}"))
        .set("dfs.nameservices", NAMESERVICE)
        .set(format!("dfs.ha.namenodes.{NAMESERVICE}"), "nn1,nn2")
        .set("dfs.ha.automatic-failover.enabled", true)
        .set("dfs.namenode.shared.edits.dir", format!("file://{}", root.join("shared").display()));
    for node in [&namenode, &absent] {
        let of = |key: &str| format!("dfs.namenode.{key}.{NAMESERVICE}.{}", node.id());
        site.set(of("rpc-address"), node.rpc_address());
        site.set(of("http-address"), node.http_address());
    }
    namenode.configure(&site)?;
    Ok(namenode)
}

fn client(namenode: &NameNode, user: &str) -> Watched {
    let address = namenode.rpc_address();
    let target = Target::new(address.ip().to_string(), address.port());
    let options = CallOptions::new(Some(user.to_owned())).without_retries();
    Watched::new(NameNodeId::new(NAMESERVICE, namenode.id()), target, &options)
}

// FC-059
async fn tells_what_its_threads_do(namenode: &NameNode) -> Result<()> {
    let address = namenode.http_address();
    let address = Target::new(address.ip().to_string(), address.port());
    let dump = ThreadDump { address, timeout: Duration::from_secs(20) }.fetch().await?;
    ensure!(dump.contains("IPC Server handler"), "no handlers in the dump:\n{dump}");
    Ok(())
}

async fn next(reports: &mut Receiver<HealthReport>) -> Result<HealthReport> {
    let report = timeout(START_LIMIT, reports.recv()).await.context("no report")?;
    report.context("the monitor ended")
}

async fn next_change(reports: &mut Receiver<HealthReport>) -> Result<HealthReport> {
    loop {
        let report = next(reports).await?;
        if report.changed {
            return Ok(report);
        }
    }
}

async fn await_state(reports: &mut Receiver<HealthReport>, state: ServiceState) -> Result<()> {
    loop {
        let report = next(reports).await?;
        if report.health != Health::Healthy {
            bail!("waiting for {state}: {report:?}");
        }
        if report.state == Some(state) {
            return Ok(());
        }
    }
}
