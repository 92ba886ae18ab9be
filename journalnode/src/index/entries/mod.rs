//! What the index holds, typed: each kind of entry with its keys and its value.

#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod entries;
mod events;
mod finished_segment;
mod known_journal;
mod segments;
mod stored_checkpoint;
mod stored_record;

pub(super) use entries::{Entries, Schema};
pub(super) use events::MAX_EVENTS;
pub(super) use finished_segment::FinishedSegment;
pub(super) use known_journal::KnownJournal;
