//! The shell around the engine: one owner per journal runs decide, effects, commit, reply in
//! that order.

mod blocking;
mod edits;
mod events;
mod following;
mod hints;
mod history;
mod in_flight;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod journal;
mod positions;
mod progress;
mod questions;
mod scrubbing;
mod status;
mod step;

pub use blocking::Blocking;
pub(crate) use following::Glance;
pub use hints::{Hints, HintsCell};
pub use in_flight::Running;
pub use journal::{Journal, JournalOptions};
pub use progress::Progress;
pub use status::JournalStatus;
