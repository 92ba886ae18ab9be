use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::stopwatch::Stopwatch;
use super::{Cost, Fault, Fencing, Figures, Marks};
use crate::ha::HaCluster;
use crate::hadoop::FailoverControllerKind;

/// What runs, in this order.
const CASES: [(Fault, Fencing); 5] = [
    (Fault::KillNameNode, Fencing::Ssh),
    (Fault::KillBoth, Fencing::Ssh),
    (Fault::Freeze, Fencing::Ssh),
    (Fault::StopController, Fencing::Ssh),
    (Fault::KillNameNode, Fencing::Shell),
];
const SESSION_TIMEOUT_MS: u32 = 10_000;
const HEALTH_TIMEOUT_MS: u32 = 5_000;
/// Java's default for the dump of a sick NameNode's threads.
const THREAD_DUMP_TIMEOUT_MS: u32 = 20_000;
/// Java's default for the pause after a refused connect.
const CONNECT_RETRY_MS: u32 = 1_000;
/// Until both controllers have seen that both NameNodes are well, and joined.
const SETTLE: Duration = Duration::from_secs(3);
const START_LIMIT: Duration = Duration::from_secs(60);
const LOAD: &str = "bench";

/// Runs every case `rounds` times with controllers of one kind.
pub fn measure(root: &Path, kind: FailoverControllerKind, rounds: usize) -> Result<Figures> {
    let mut cluster = HaCluster::builder(root, &[kind, kind])
        .set("ha.zookeeper.session-timeout.ms", SESSION_TIMEOUT_MS)
        .set("ha.health-monitor.rpc-timeout.ms", HEALTH_TIMEOUT_MS)
        .set("dfs.ha.zkfc.nn.http.timeout.ms", THREAD_DUMP_TIMEOUT_MS)
        .set("ipc.client.connect.retry.interval", CONNECT_RETRY_MS)
        .build()?;
    cluster.bring_up()?;
    let load = cluster.start_load(LOAD)?;
    let mut figures = Figures::default();
    let mut active = 0;
    for (fault, fencing) in CASES {
        use_fencing(&mut cluster, fencing, active)?;
        let mut marks = Vec::new();
        for round in 1..=rounds {
            sleep(SETTLE);
            let one = strike(&mut cluster, fault, active, &root.join(format!("{LOAD}.acked")))?;
            eprintln!("{kind}: {fault}, {fencing}, {round} of {rounds}: {one:?}");
            recover(&mut cluster, active)?;
            active = 1 - active;
            cluster.await_active(active)?;
            marks.push(one);
        }
        figures.cases.push((fault, fencing, marks));
    }
    for _ in 0..rounds {
        figures.costs.push(cost(&mut cluster, active, 1 - active)?);
    }
    cluster.conclude(&load, active)?;
    Ok(figures)
}

/// Gives both controllers this method. The active's starts first, so that nothing changes.
fn use_fencing(cluster: &mut HaCluster, fencing: Fencing, active: usize) -> Result<()> {
    let Fencing::Shell = fencing else { return Ok(()) };
    let mut site = cluster.site().clone();
    site.set("dfs.ha.fencing.methods", "shell(/bin/true)");
    let standby = 1 - active;
    for index in [standby, active] {
        cluster.controllers[index].configure(&site)?;
    }
    cluster.controllers[standby].kill()?;
    cluster.controllers[active].kill()?;
    cluster.controllers[active].start()?;
    // Until the session of the killed one is over, the lock is nobody's who could give it back.
    sleep(Duration::from_millis(SESSION_TIMEOUT_MS.into()) + SETTLE);
    cluster.await_active(active)?;
    cluster.controllers[standby].start()
}

fn strike(cluster: &mut HaCluster, fault: Fault, active: usize, acked: &Path) -> Result<Marks> {
    let log = cluster.namenodes[1 - active].log();
    let watch = Stopwatch::arm(cluster.look_at_znodes()?, &log, acked)?;
    let struck = Instant::now();
    match fault {
        Fault::KillNameNode => cluster.namenodes[active].kill()?,
        Fault::KillBoth => {
            cluster.controllers[active].kill()?;
            cluster.namenodes[active].kill()?;
        }
        Fault::Freeze => cluster.namenodes[active].signal(Signal::STOP)?,
        Fault::StopController => cluster.controllers[active].signal(Signal::TERM)?,
    }
    watch.read(struck)
}

/// Starts again what has ended.
fn recover(cluster: &mut HaCluster, index: usize) -> Result<()> {
    let namenode = &mut cluster.namenodes[index];
    let is_up = match namenode.daemon() {
        Ok(daemon) => daemon.exited()?.is_none(),
        Err(_) => false,
    };
    if !is_up {
        namenode.start(&[])?;
    }
    let controller = &mut cluster.controllers[index];
    let is_up = match controller.daemon() {
        Ok(daemon) => daemon.exited()?.is_none(),
        Err(_) => false,
    };
    if is_up { Ok(()) } else { controller.start() }
}

/// Looks at a controller that has run for a while, and starts the standby's again.
fn cost(cluster: &mut HaCluster, active: usize, standby: usize) -> Result<Cost> {
    let pid = cluster.controllers[active].daemon()?.pid();
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let controller = &mut cluster.controllers[standby];
    controller.terminate()?;
    let address = controller.rpc_address();
    let started = Instant::now();
    controller.spawn()?;
    while TcpStream::connect(address).is_err() {
        if started.elapsed() > START_LIMIT {
            bail!("no port {address} within {START_LIMIT:?}");
        }
        sleep(Duration::from_millis(1));
    }
    Ok(Cost {
        exec_to_port: started.elapsed(),
        resident_kib: field(&status, "VmRSS:")?,
        threads: field(&status, "Threads:")?,
    })
}

fn field(status: &str, name: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("in /proc")?;
    Ok(line.split_whitespace().next().context("a number in /proc")?.parse()?)
}
