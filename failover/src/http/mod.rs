//! How the controller stands, over HTTP, for people and monitoring: `/live`, `/ready`, `/metrics`
//! and `/status`. Java's controller has nothing like it; it is off unless an address is given.

mod controller_status;
mod metrics;
mod readiness;
mod router;
mod server;
mod status_source;

pub use controller_status::{
    ControllerStatus, Counters, FailoverSummary, SessionStatus, StuckFencing,
};
pub use server::StatusServer;
pub use status_source::StatusSource;
