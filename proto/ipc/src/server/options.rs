use std::{sync::Arc, time::Duration};

use super::Authorize;
use crate::sasl::MechanismFactory;

/// Every limit of a server. The defaults are Hadoop's.
#[derive(Clone)]
pub struct ServerOptions {
    /// Longest request, in bytes (`ipc.maximum.data.length`).
    pub max_data_length_bytes: usize,
    /// Calls accepted and not yet handled, over all connections; readers wait beyond it
    /// (handler count times `ipc.server.handler.queue.size`).
    pub max_queued_calls: usize,
    /// Calls of one connection whose reply is not yet written. A client that does not read its
    /// replies is no longer read from, and holds up nobody else.
    pub max_calls_per_connection: usize,
    /// Bytes of requests accepted and not yet handled, over all connections. A request larger
    /// than this counts as this much.
    pub max_queued_bytes: usize,
    /// Connections at a time; 0 for no limit (`ipc.server.max.connections`). More are accepted
    /// and closed.
    pub max_connections: usize,
    /// Connections waiting to be accepted (`ipc.server.listen.queue.size`).
    pub listen_backlog: u32,
    /// How long a reply may take to leave before its connection is closed
    /// (`ipc.server.purge.interval`).
    pub purge_interval: Duration,
    /// When unused connections are closed.
    pub idle: IdleRules,
    /// SO_REUSEADDR on the listening socket (`ipc.server.reuseaddr`).
    pub reuse_addr: bool,
    /// Larger replies, in bytes, are logged (`ipc.server.max.response.size`).
    pub max_response_size_bytes: usize,
    /// How long calls in flight may take to finish once the server is told to stop.
    pub shutdown_grace: Duration,
    /// How clients prove who they are.
    pub auth: Auth,
    /// Who may speak which protocol; `None` lets everybody (`hadoop.security.authorization`).
    pub authorize: Option<Arc<dyn Authorize>>,
}

/// How clients prove who they are (`hadoop.security.authentication`).
#[derive(Clone)]
pub enum Auth {
    /// They don't.
    Simple,
    /// With SASL; claiming a name is refused.
    Sasl(Arc<dyn MechanismFactory>),
}

/// When unused connections are closed: only once there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleRules {
    /// Fewer connections than this are left alone (`ipc.client.idlethreshold`).
    pub threshold_connections: usize,
    /// Unused for longer counts as idle (twice `ipc.client.connection.maxidletime`).
    pub max_idle: Duration,
    /// Time between two looks (`ipc.client.connection.idle-scan-interval.ms`).
    pub scan_interval: Duration,
    /// Connections closed per look (`ipc.client.kill.max`).
    pub max_closed_per_scan: usize,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            max_data_length_bytes: 128 * 1024 * 1024,
            max_queued_calls: 5 * 100,
            max_calls_per_connection: 128,
            max_queued_bytes: 512 * 1024 * 1024,
            max_connections: 0,
            listen_backlog: 256,
            purge_interval: Duration::from_secs(15 * 60),
            idle: IdleRules::default(),
            reuse_addr: true,
            max_response_size_bytes: 1024 * 1024,
            shutdown_grace: Duration::from_secs(10),
            auth: Auth::Simple,
            authorize: None,
        }
    }
}

impl Default for IdleRules {
    fn default() -> Self {
        Self {
            threshold_connections: 4000,
            max_idle: Duration::from_secs(20),
            scan_interval: Duration::from_secs(10),
            max_closed_per_scan: 10,
        }
    }
}

impl Auth {
    pub(super) fn factory(&self) -> Option<Arc<dyn MechanismFactory>> {
        match self {
            Self::Simple => None,
            Self::Sasl(factory) => Some(factory.clone()),
        }
    }
}
