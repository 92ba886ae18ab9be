use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::GroupMapping;
use hadoop_ipc::server::RpcMetrics;

use crate::inspect::Reachable;
use crate::logging::LogLevels;
use crate::node::JournalNode;

/// What the pages show.
#[derive(Debug)]
pub struct Site {
    /// The journals.
    pub node: Arc<JournalNode>,
    /// What the RPC server counts.
    pub rpc: Arc<RpcMetrics>,
    /// Where the RPC server listens.
    pub rpc_address: SocketAddr,
    /// The configuration, with the addresses that were bound written back, as Java does.
    pub conf: Configuration,
    /// Who belongs to which group, for pages that only administrators may see.
    pub groups: Arc<dyn GroupMapping>,
    /// The levels of the log.
    pub logging: Arc<LogLevels>,
    /// When the process started.
    pub started: SystemTime,
    /// How fast one transfer of a segment may be, in bytes per second; `None` for no limit
    /// (`dfs.image.transfer.bandwidthPerSec`).
    pub bandwidth: Option<u64>,
    /// Whether the inspection service listens.
    pub inspect: Reachable,
}
