//! The process: start in Java's order, serve, stop in Java's order.

#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod daemon;
mod descriptors;
mod exit;
mod signals;
mod start_error;

pub use daemon::Daemon;
pub use descriptors::raise_descriptor_limit;
pub use exit::Exit;
pub use signals::stop_signal;
pub use start_error::StartError;
