//! The scrub: reads finished segments again, slowly, and has what rotted replaced by a copy of
//! a peer's.
//!
//! It reads beside the journal and never as its owner. What it finds becomes a mark in the
//! journal's state, and a replacement an effect, both decided by the engine.

mod check;
mod choice;
mod content;
mod finding;
mod known;
mod pace;
mod paced_file;
mod remedy;
mod repair;
mod requested;
mod scrub_options;
mod scrubber;
mod segment_record;

pub use finding::Finding;
pub(crate) use pace::Pace;
pub(crate) use paced_file::{PacedFile, ReadStop};
pub use requested::{NotChecked, ScrubEvent, ScrubTotals};
pub use scrub_options::ScrubOptions;
pub use scrubber::Scrubber;
pub use segment_record::{Digest, SegmentRecord};
