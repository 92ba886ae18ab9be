//! Child processes, the ports they listen on, the folders they write, and waiting for them.

mod cache_dir;
mod daemon;
mod launcher;
mod port_lease;
mod start_time;
mod wait;
mod work_dir;

pub use cache_dir::cache_dir;
pub use daemon::{Daemon, run_to_end};
pub use launcher::Launcher;
pub use port_lease::PortLease;
pub use start_time::start_time;
pub use wait::wait_until;
pub use work_dir::{WorkDir, built_binary, target_dir};
