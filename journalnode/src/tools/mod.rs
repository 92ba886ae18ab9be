//! The tools in the daemon's binary: `verify`, `dump`, `status`. None of them changes anything.
//!
//! Each is split in three: what it finds out (values, without I/O), where it looks, and how it
//! prints.

mod cli;
pub mod dump;
mod exit;
pub mod status;
pub mod verify;

pub use cli::Tools;
pub use exit::ToolExit;
