//! What can be found out again: where transactions lie in their files, how finished segments
//! should look, and what happened to a journal.
//!
//! Nothing in here decides anything. It may be deleted at any time, it lies outside the edits
//! directories (Java takes every folder in there for a journal), and no acknowledgement waits
//! for it: notes are dropped rather than waited with, and what is missing is read from the
//! segments again.

mod history;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod index;
mod position;
mod segment_record;
mod status;

pub use history::{Event, HistoryEntry};
pub use index::Index;
pub use position::Position;
pub use segment_record::{Digest, SegmentRecord};
pub use status::IndexStatus;
