use std::net::SocketAddr;
use std::sync::Arc;

use hadoop_ipc::conf::Configuration;
use hadoop_ipc::net::adopt_listener;
use hadoop_ipc::server::{Protocol, Server, ServerOptions};
use tracing::{error, info, warn};

use super::StartError;
use super::handover::{Door, Sockets};
use crate::http::{HttpOptions, HttpServer};
use crate::inspect::{InspectError, InspectOptions, InspectServer, Reachable};
use crate::node::JournalNode;
use crate::rpc::{HttpAddress, InterQJournalProtocol, QJournalProtocol};
use crate::settings::{HTTP_ADDRESS, HTTP_BIND_HOST, RPC_ADDRESS, RPC_BIND_HOST, Settings};

pub(super) async fn bind_http(
    settings: &Settings,
    conf: &Configuration,
    sockets: &mut Sockets,
) -> Result<HttpServer, StartError> {
    let address = settings.http_address;
    let options = HttpOptions::from_conf(conf)?;
    let bound = match sockets.take(Door::Http, address) {
        Some(listener) => {
            adopt_listener(listener).and_then(|listener| HttpServer::on(listener, options))
        }
        None => HttpServer::bind(address, options).await,
    };
    bound.map_err(|source| StartError::Bind {
        address,
        key: HTTP_ADDRESS,
        bind_host_key: HTTP_BIND_HOST,
        source,
    })
}

pub(super) async fn bind_rpc(
    address: SocketAddr,
    options: ServerOptions,
    node: &Arc<JournalNode>,
    http: SocketAddr,
    sockets: &mut Sockets,
) -> Result<Server, StartError> {
    let http = HttpAddress::http(http);
    let protocols: Vec<Arc<dyn Protocol>> = vec![
        Arc::new(QJournalProtocol::new(Arc::clone(node), http.clone())),
        Arc::new(InterQJournalProtocol::new(Arc::clone(node), http)),
    ];
    let bound = match sockets.take(Door::Rpc, address) {
        Some(listener) => {
            adopt_listener(listener).and_then(|listener| Server::on(listener, options, protocols))
        }
        None => Server::bind(address, options, protocols).await,
    };
    bound.map_err(|source| StartError::Bind {
        address,
        key: RPC_ADDRESS,
        bind_host_key: RPC_BIND_HOST,
        source,
    })
}

/// Java has no such port: that it is taken must not keep this node from its quorum.
pub(super) async fn bind_inspect(
    options: &InspectOptions,
    sockets: &mut Sockets,
) -> (Option<InspectServer>, Reachable) {
    let wanted = match options {
        InspectOptions::On(wanted) => wanted,
        InspectOptions::Off { reason, asked_for: true } => {
            warn!("no inspection service: {reason}");
            return (None, Reachable::Off);
        }
        InspectOptions::Off { reason, .. } => {
            info!("no inspection service: {reason}");
            return (None, Reachable::Off);
        }
    };
    if wanted.is_open_to_all() {
        warn!(
            "the inspection service is open to everybody who reaches {}: set \
             dfs.journalnode.inspect.tls.certificate, .key and .client-ca, or an address on \
             loopback",
            wanted.address
        );
    }
    let bound: Result<_, InspectError> = match sockets.take(Door::Inspect, wanted.address) {
        Some(listener) => InspectServer::resume(listener, wanted),
        None => InspectServer::bind(wanted).await,
    };
    match bound {
        Ok(server) => (Some(server), Reachable::Yes),
        Err(failure) => {
            error!("no inspection service, all else is served: {failure}");
            (None, Reachable::Failed)
        }
    }
}
