//! Hadoop's own `hdfs haadmin -failover` against our end of `ZKFCProtocol`.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use anyhow::{Result, ensure};
use failover::rpc::{
    Admins, CallFailure, ControllerCalls, Requester, ZkfcProtocol, server_options,
};
use hadoop_ipc::conf::{Configuration, Environment};
use hadoop_ipc::security::NoGroups;
use hadoop_ipc::server::Server;
use system_tests::hadoop::{HdfsClient, Site};
use system_tests::process::{Launcher, WorkDir};

#[test]
fn fc_106_haadmin_says_what_the_controller_says() {
    WorkDir::run("failover.haadmin", scenario);
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), CallFailure>> + Send + 'a>>;

/// A controller that does as it is told.
struct Told {
    outcome: Mutex<Result<(), CallFailure>>,
    failovers: Mutex<u32>,
}

impl ControllerCalls for Told {
    fn cede_active(&self, _: i32, _: Requester) -> Done<'_> {
        Box::pin(async { Err(CallFailure::ServiceFailed("haadmin does not ask this".to_owned())) })
    }

    fn graceful_failover(&self, _: Requester) -> Done<'_> {
        *self.failovers.lock().unwrap() += 1;
        Box::pin(async { self.outcome.lock().unwrap().clone() })
    }
}

fn scenario(root: &Path) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let user = std::env::var("USER").unwrap_or_else(|_| "root".to_owned());
    let told = Arc::new(Told { outcome: Mutex::new(Ok(())), failovers: Mutex::new(0) });
    let mine = runtime.block_on(serve(told.clone(), &user))?;
    let others = runtime.block_on(serve(told.clone(), "somebody-else"))?;
    site(mine, others).write(&root.join("conf"))?;
    let here = Launcher::here();
    let client = HdfsClient::start(&here, &root.join("conf"), &root.join("client.log"))?;

    let said = client.haadmin(&["-failover", "nn1", "nn2"])?;
    ensure!(said.trim_end().ends_with("successful"), "success: {said}");
    ensure!(*told.failovers.lock().unwrap() == 1, "asked once");

    let failure = CallFailure::ServiceFailed("nn2 is not currently healthy".to_owned());
    *told.outcome.lock().unwrap() = Err(failure);
    let said = refusal(&client, &["-failover", "nn1", "nn2"])?;
    ensure!(said.contains("Operation failed: nn2 is not currently healthy"), "failure: {said}");
    ensure!(said.contains("255") || said.contains("-1"), "exit code: {said}");

    let before = *told.failovers.lock().unwrap();
    let said = refusal(&client, &["-failover", "nn2", "nn1"])?;
    ensure!(said.contains("Disallowed RPC access from"), "not an administrator: {said}");
    ensure!(said.contains("Not listed in dfs.cluster.administrators"), "{said}");
    ensure!(*told.failovers.lock().unwrap() == before, "the controller heard of it");
    Ok(())
}

fn refusal(client: &HdfsClient, args: &[&str]) -> Result<String> {
    match client.haadmin(args) {
        Ok(said) => Ok(said),
        Err(error) => Ok(format!("{error:#}")),
    }
}

/// A controller's RPC server for the user it runs as.
async fn serve(told: Arc<Told>, own: &str) -> Result<SocketAddr> {
    let conf = Configuration::empty(Environment::empty());
    let admins = Admins::from_conf(&conf, own, Arc::new(NoGroups))?;
    let protocol = ZkfcProtocol::new(told, Arc::new(admins));
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = server_options(&conf, None)?;
    let server = Server::bind(loopback, options, vec![Arc::new(protocol)]).await?;
    let address = server.local_addr();
    tokio::spawn(server.serve(std::future::pending()));
    Ok(address)
}

/// No NameNode runs: haadmin asks controllers only.
fn site(nn2: SocketAddr, nn1: SocketAddr) -> Site {
    let mut site = Site::new();
    site.set("fs.defaultFS", "hdfs://ns1")
        .set("dfs.nameservices", "ns1")
        .set("dfs.ha.namenodes.ns1", "nn1,nn2")
        .set("dfs.ha.automatic-failover.enabled", true)
        .set("dfs.namenode.rpc-address.ns1.nn1", "127.0.0.1:8020")
        .set("dfs.namenode.rpc-address.ns1.nn2", "127.0.0.1:8021")
        .set("dfs.ha.zkfc.port.ns1.nn1", nn1.port())
        .set("dfs.ha.zkfc.port.ns1.nn2", nn2.port());
    site
}
