//! What a controller asks and tells a NameNode (`HAServiceProtocol`).
//!
//! [`NameNode`] makes one call at a time, each bounded with its connect; [`HealthMonitor`] watches
//! a NameNode and reports; [`ThreadDump`] asks a sick one what it is doing.

mod bounded_client;
mod call_options;
mod fault;
mod health;
mod name_node;
mod service_status;
mod thread_dump;

pub(crate) use bounded_client::BoundedClient;
pub use call_options::CallOptions;
pub use fault::{Fault, FaultKind};
pub use health::{HealthMonitor, HealthReport, HealthSettings};
pub use name_node::NameNode;
pub use service_status::ServiceStatus;
pub use thread_dump::{ThreadDump, ThreadDumpError};
