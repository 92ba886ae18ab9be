//! `zkfc-rs status`, `history`, `pause`, `resume` and `confirm-fenced` beside a real ensemble.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use failover::ledger::{FailoverRecord, Outcome, Phases};
use failover::lock::{LockService, LockSession};
use failover::types::{ActiveNode, NameNodeId};
use hadoop_ipc::server::{Call, CallError, Protocol, ProtocolDescriptor, Server, ServerOptions};
use hadoop_proto::Message;
use hadoop_proto::common::{GetServiceStatusResponseProto, HaServiceStateProto};
use serde_json::Value;
use system_tests::process::WorkDir;
use system_tests::zookeeper::ZooKeeperEnsemble;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::fixture::{PARENT, block_on, client, formatted, secured};
use crate::zkfc::Zkfc;

const ACL: &str = "digest:hdfs:Rqc/eU/YLg4bkzNvY5214ox3UMs=:rwcda";
const AUTH: &str = "digest:hdfs:secret";

static DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.ha.HAServiceProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
    method_hashes: &[],
};

/// A NameNode that is well and in this state, as far as its answers go: a real one takes a
/// minute to become active.
struct Says(HaServiceStateProto);

type Answered = std::pin::Pin<Box<dyn Future<Output = Result<Bytes, CallError>> + Send>>;

impl Protocol for Says {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> Answered {
        let status = GetServiceStatusResponseProto {
            state: self.0 as i32,
            ready_to_become_active: Some(true),
            not_ready_reason: None,
        };
        let is_asked = call.method == "getServiceStatus";
        let answer = if is_asked { status.encode_to_vec() } else { Vec::new() };
        Box::pin(async { Ok(answer.into()) })
    }
}

async fn serve(state: HaServiceStateProto) -> Result<(SocketAddr, JoinHandle<()>)> {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let server =
        Server::bind(loopback, ServerOptions::default(), vec![Arc::new(Says(state))]).await?;
    let address = server.local_addr();
    Ok((address, tokio::spawn(server.serve(std::future::pending()))))
}

fn nn1(at: SocketAddr, zkfc: SocketAddr) -> Bytes {
    let node = ActiveNode {
        id: NameNodeId::new("nsd1907", "nn1"),
        hostname: "127.0.0.1".to_owned(),
        port: at.port().into(),
        zkfc_port: zkfc.port().into(),
    };
    node.encode().into()
}

fn roles(status: &Value) -> Vec<String> {
    let servers = status["nameservices"][0]["zookeeper"]["servers"].as_array();
    let roles = servers.into_iter().flatten().filter_map(|server| server["role"].as_str());
    let mut roles: Vec<_> = roles.map(str::to_owned).collect();
    roles.sort();
    roles
}

#[test]
fn the_tools_see_and_steer_a_protected_ensemble() {
    WorkDir::run("failover-tools", |root| {
        let mut ensemble = ZooKeeperEnsemble::start(root)?;
        block_on(scenario(&mut ensemble))
    });
}

async fn scenario(ensemble: &mut ZooKeeperEnsemble) -> Result<()> {
    let lock = formatted(&secured(ensemble.quorum(), ACL, AUTH)?).await?;
    let (active, running) = serve(HaServiceStateProto::Active).await?;
    let (standby, _) = serve(HaServiceStateProto::Standby).await?;
    let (zkfc1, zkfc2) = (listener().await?, listener().await?);
    let holder = lock.open().await?;
    let nn1 = nn1(active, zkfc1.local_addr()?);
    holder.create_lock(nn1.clone()).await?;
    holder.write_breadcrumb(nn1, None).await?;
    let open = [
        ("dfs.namenode.rpc-address.nsd1907.nn1", active.to_string()),
        ("dfs.namenode.rpc-address.nsd1907.nn2", standby.to_string()),
        ("dfs.ha.zkfc.port.nsd1907.nn1", zkfc1.local_addr()?.port().to_string()),
        ("dfs.ha.zkfc.port.nsd1907.nn2", zkfc2.local_addr()?.port().to_string()),
    ];
    let secret = [("ha.zookeeper.acl", ACL.to_owned()), ("ha.zookeeper.auth", AUTH.to_owned())];
    let stranger = Zkfc::tool(ensemble.quorum(), &open)?;
    let tool = Zkfc::tool(ensemble.quorum(), &[&open[..], &secret].concat())?;

    let status = tool.json(0, &["status", "--json"]).await?;
    ensure!(roles(&status) == ["follower", "follower", "leader", "observer"], "{status:#}");
    ensure!(status["all_well"] == true && status["nameservices"][0]["zookeeper"]["voters"] == 3);
    let text = tool.stdout(0, &["status"]).await?;
    ensure!(text.contains("nn1 is active; all is well"), "{text}");
    let refused = stranger.json(1, &["status", "--json"]).await?;
    let why = refused["nameservices"][0]["election_error"].to_string();
    ensure!(why.contains("ha.zookeeper.auth"), "{refused:#}");

    paused_and_resumed(&tool, &*lock.open().await?).await?;
    let said = tool.stderr(1, &["confirm-fenced", "nn1", "--yes"], "").await?;
    ensure!(said.contains("says that it is active"), "{said}");

    one_member_down(ensemble, &tool).await?;
    running.abort();
    let _ = running.await;
    drop(zkfc1);
    holder.close().await;
    dead_host(&tool, &lock.session().await?).await?;
    recorded(&tool, &*lock.open().await?).await?;
    let reader = client(ensemble.quorum()).await?;
    ensure!(reader.list_children(&format!("{PARENT}/zkfc-rs")).await.is_err(), "a stranger reads");
    Ok(())
}

async fn listener() -> Result<TcpListener> {
    Ok(TcpListener::bind("127.0.0.1:0").await?)
}

async fn paused_and_resumed(tool: &Zkfc, other: &dyn LockSession) -> Result<()> {
    tool.stdout(0, &["pause", "--reason", "new disks"]).await?;
    let seen = other.ledger().paused().await?.context("a second client sees the pause")?;
    ensure!(seen.why == "new disks", "{seen:?}");
    let text = tool.stdout(1, &["status"]).await?;
    ensure!(text.contains("! automatic failover is paused by"), "{text}");
    let text = tool.stdout(0, &["resume"]).await?;
    ensure!(text.contains("goes on"), "{text}");
    let text = tool.stdout(0, &["resume"]).await?;
    ensure!(text.contains("was not paused"), "{text}");
    ensure!(other.ledger().paused().await?.is_none());
    Ok(())
}

async fn one_member_down(ensemble: &mut ZooKeeperEnsemble, tool: &Zkfc) -> Result<()> {
    let leader = ensemble.leader()?;
    let follower = (0..3).find(|index| *index != leader).context("a follower")?;
    ensemble.server(follower).kill()?;
    let status = tool.json(1, &["status", "--json"]).await?;
    ensure!(roles(&status) == ["follower", "leader", "observer", "unreachable"], "{status:#}");
    ensure!(status["nameservices"][0]["to_be_fenced"].is_null(), "nn1 is active all the time");
    ensemble.heal()
}

async fn dead_host(
    tool: &Zkfc,
    winner: &failover::lock::zookeeper::ZooKeeperSession,
) -> Result<()> {
    let text = tool.stdout(1, &["status"]).await?;
    ensure!(text.contains("NOBODY is active") && text.contains("has to be fenced first"), "{text}");
    let other = tool.stderr(1, &["confirm-fenced", "nn2", "--yes"], "").await?;
    ensure!(other.contains("the breadcrumb is of nsd1907/nn1"), "{other}");
    let asked = tool.stderr(1, &["confirm-fenced", "nn1"], "n\n").await?;
    ensure!(asked.contains("certainly gone?") && asked.contains("nothing was changed"), "{asked}");
    ensure!(winner.ledger().confirmation().await?.is_none());
    let reason = ["confirm-fenced", "nsd1907/nn1", "--yes", "--reason", "power is off"];
    tool.stderr(0, &reason, "").await?;
    ensure!(tool.stdout(1, &["status"]).await?.contains("confirmed   nsd1907/nn1 is gone"));
    let taken = winner.ledger().take_confirmation(0).await?.context("the word is there")?;
    ensure!(taken.why == "power is off", "{taken:?}");
    ensure!(winner.ledger().take_confirmation(0).await?.is_none(), "it is used once");

    let (still_active, _) = serve(HaServiceStateProto::Active).await?;
    let renamed = ActiveNode {
        id: NameNodeId::new("nsd1907", "old1"),
        hostname: "127.0.0.1".to_owned(),
        port: still_active.port().into(),
        zkfc_port: 8019,
    };
    winner.write_breadcrumb(renamed.encode().into(), Some(0)).await?;
    let said = tool.stderr(1, &["confirm-fenced", "old1", "--yes"], "").await?;
    ensure!(said.contains("says that it is active"), "where the breadcrumb has it: {said}");
    Ok(())
}

async fn recorded(tool: &Zkfc, winner: &dyn LockSession) -> Result<()> {
    ensure!(tool.stdout(0, &["history"]).await?.contains("no failover is recorded"));
    for (at_ms, outcome) in [(1, Outcome::Activated), (2, Outcome::Failed("no key".to_owned()))] {
        let record = FailoverRecord {
            at_ms,
            from: Some(NameNodeId::new("nsd1907", "nn1")),
            to: NameNodeId::new("nsd1907", "nn2"),
            why: "the lock was free".to_owned(),
            outcome,
            by: "nn02".to_owned(),
            phases: Phases { total_ms: 700, ..Phases::default() },
            fencing: None,
        };
        winner.ledger().record(record).await?;
    }
    let history = tool.json(1, &["history", "--limit", "1", "--json"]).await?;
    let failovers = &history["nameservices"][0]["failovers"];
    ensure!(failovers.as_array().is_some_and(|all| all.len() == 1), "{history:#}");
    ensure!(failovers[0]["outcome"]["failed"] == "no key" && failovers[0]["to"] == "nsd1907/nn2");
    Ok(())
}

#[test]
fn without_an_ensemble_nothing_can_be_told() {
    WorkDir::run("failover-tools-alone", |_| {
        block_on(async {
            let tool = Zkfc::tool("127.0.0.1:1", &[])?;
            let text = tool.stdout(2, &["status"]).await?;
            ensure!(text.contains("127.0.0.1:1 unreachable"), "{text}");
            tool.stderr(2, &["history"], "").await?;
            tool.stderr(2, &["pause"], "").await?;
            tool.stderr(2, &["status", "--no-such"], "").await?;
            Ok(())
        })
    });
}
