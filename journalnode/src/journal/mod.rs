//! The shell around the engine: one owner per journal runs decide, effects, commit, reply in
//! that order.

mod asked;
mod blocking;
mod edits;
mod events;
mod glance;
mod hints;
mod history;
mod in_flight;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod journal;
mod passed_journal;
mod positions;
mod progress;
mod questions;
mod queue;
mod scrubbing;
mod seldom;
mod standing;
mod status;
mod step;
mod still;
mod writer_watch;

pub use blocking::Blocking;
pub(crate) use glance::Glance;
pub use hints::{Hints, HintsCell};
pub use in_flight::Running;
pub use journal::{Journal, JournalOptions};
pub use passed_journal::PassedJournal;
pub use progress::Progress;
pub use standing::{Signs, Standing};
pub use status::JournalStatus;
pub use still::{PassError, Still};
pub use writer_watch::Writer;
