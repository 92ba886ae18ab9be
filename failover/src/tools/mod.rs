//! The tools in the daemon's binary: `status`, `history`, `check-fence`, `doctor`, `pause`,
//! `resume`, `confirm-fenced`. The last three leave a wish in ZooKeeper; the others change
//! nothing.
//!
//! Each is split in three: what it finds out (values, without I/O), where it looks, and how it
//! prints. What several of them look at is in [`cluster`].

pub mod check_fence;
mod cli;
pub mod cluster;
mod context;
pub mod doctor;
pub mod history;
pub mod status;
mod table;
mod time;
pub mod wishes;

pub use cli::Tools;
pub use context::Context;
