//! The shell around the engine: one owner per journal runs decide, effects, commit, reply in
//! that order.

mod blocking;
mod events;
mod following;
mod hints;
mod history;
mod in_flight;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod journal;
mod questions;
mod scrubbing;
mod status;
mod step;

pub use blocking::Blocking;
pub(crate) use following::Glance;
pub use hints::Hints;
pub use in_flight::Running;
pub use journal::{Journal, JournalOptions};
pub use status::JournalStatus;
