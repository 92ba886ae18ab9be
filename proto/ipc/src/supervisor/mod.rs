//! What a daemon tells the one who started it, if that is systemd: that it is ready, that it
//! stops, and that its main loop turns (`sd_notify(3)`).

#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod supervisor;
mod watchdog;

pub use supervisor::Supervisor;
pub use watchdog::Watchdog;
