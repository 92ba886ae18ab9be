//! The process: start in Java's order, serve, stop in Java's order.

mod alone;
mod bind;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod daemon;
mod descriptors;
mod end;
mod exit;
mod handover;
mod signals;
mod start_error;

pub use daemon::Daemon;
pub use descriptors::raise_descriptor_limit;
pub use exit::Exit;
pub use handover::{HandOverError, Predecessor, Program};
pub use signals::{Requests, stop_signal};
pub use start_error::StartError;
