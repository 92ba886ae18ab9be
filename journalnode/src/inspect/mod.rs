//! The inspection service: what people and tests ask a running JournalNode, over gRPC on a port
//! of its own (`proto/inspect/v1`). Nothing of it is on the way of an edit: it looks at what
//! readers may see, and a caller that is slow holds up nobody but itself.

mod client;
mod client_error;
mod connection;
mod history;
mod inspect_error;
mod inspect_options;
mod inspected;
mod limits;
mod listener;
mod pem;
mod reachable;
mod scrub;
mod server;
mod service;
mod status;
mod stream;
mod tail;
mod transaction;
mod watch;

pub use client::InspectClient;
pub use client_error::InspectClientError;
pub use inspect_error::InspectError;
pub use inspect_options::{InspectAddress, InspectOptions, TlsFiles};
pub use inspected::Inspected;
pub use reachable::Reachable;
pub use server::InspectServer;
pub use transaction::Describer;
