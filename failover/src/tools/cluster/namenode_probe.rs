use hadoop_ipc::client::Target;
use hadoop_ipc::conf::HostPort;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::NameNodeView;
use crate::namenode::{CallOptions, NameNode};
use crate::settings::NameNodeSettings;
use crate::tools::context::PATIENCE;

/// Asks a NameNode, and knocks at its controller's port.
pub(super) async fn ask(
    settings: &NameNodeSettings,
    zkfc_port: Option<u16>,
    calls: &Result<CallOptions, String>,
) -> NameNodeView {
    let (status, health) = match calls {
        Ok(calls) => called(settings, calls).await,
        Err(why) => (Err(why.clone()), Err(why.clone())),
    };
    let configured = settings.zkfc_address();
    let port = zkfc_port.unwrap_or(configured.port);
    let controller = knock(&HostPort { port, ..configured }).await;
    let (id, address) = (settings.id.clone(), settings.service_address.clone());
    NameNodeView { id, address, status, health, controller }
}

async fn called(
    settings: &NameNodeSettings,
    calls: &CallOptions,
) -> (Result<crate::namenode::ServiceStatus, String>, Result<(), String>) {
    let namenode = |address: &HostPort| {
        NameNode::new(settings.id.clone(), Target::new(&address.host, address.port), calls)
    };
    let (service, health) =
        (namenode(&settings.service_address), namenode(settings.health_address()));
    let (status, health) =
        tokio::join!(service.get_service_status(PATIENCE), health.monitor_health(PATIENCE));
    (status.map_err(|fault| fault.message), health.map_err(|fault| fault.message))
}

/// Whether somebody takes connections there.
async fn knock(address: &HostPort) -> Result<(), String> {
    if address.port == 0 {
        return Err("dfs.ha.zkfc.port is 0 and it holds no lock that would tell".to_owned());
    }
    let connect = TcpStream::connect((address.host.as_str(), address.port));
    match timeout(PATIENCE, connect).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("nobody listens at {address}: {error}")),
        Err(_) => Err(format!("{address} does not answer within {PATIENCE:?}")),
    }
}
