//! The tools in the daemon's binary: `verify`, `dump`, `status`, `history`, `scrub`, `tail`. None
//! of them changes anything, but that `scrub` has a node replace what is damaged.
//!
//! Each is split in three: what it finds out (values, without I/O), where it looks, and how it
//! prints.

mod cli;
pub mod dump;
pub mod history;
mod inspection;
pub mod scrub;
pub mod status;
pub mod tail;
pub mod verify;

pub use cli::Tools;
