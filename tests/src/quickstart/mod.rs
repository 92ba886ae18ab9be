//! `scripts/quickstart`: a user's whole recipe for a cluster with automatic failover, shown step
//! by step on this machine.
//!
//! Two processes: one in front that prints and takes Ctrl-C, and behind it the owner of the
//! cluster. Whenever the owner ends, however it ends, all that it started ends too.

mod commands;
mod front;
mod owner;
mod timeline;
mod tour;

pub use front::Front;
pub use owner::Owner;
pub use timeline::Timeline;
pub use tour::Tour;
