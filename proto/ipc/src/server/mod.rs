//! The server: [`Connection`] holds every rule of a connection and is pure; the rest gives it
//! sockets, tasks and limits.

mod action;
mod authorize;
mod connection;
mod execute;
mod halting;
mod idle;
mod limits;
mod listener;
mod meta_info;
pub mod metrics;
mod options;
mod passage;
mod protocol;
mod registry;
mod router;
mod service_level;
mod session;
mod turns;
mod writer;

pub use action::{Action, CloseReason, IncomingCall};
pub use authorize::Authorize;
pub use connection::{Carried, CarriedCaller, Connection, ConnectionSettings};
pub use halting::PassedConnection;
pub use listener::Server;
pub use metrics::{MetricsSnapshot, RpcMetrics};
pub use options::{Auth, IdleRules, ServerOptions};
pub use passage::{HaltError, Passage};
pub use protocol::{Call, Caller, Protocol, ProtocolDescriptor};
pub use router::Router;
pub use service_level::ServiceLevel;

pub use crate::call::{CallError, RpcException, decode_request};
