//! The process: start in Java's order, look after the NameNode, hand over at the end.

#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod daemon;
mod exit;
mod signals;

pub use daemon::Daemon;
pub use exit::Exit;
pub use signals::stop_signal;
