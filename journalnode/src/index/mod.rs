//! The index: what was read of the journals' files once and need not be read again, and the
//! history of the journals.
//!
//! It follows the journals and is never on their way: no journal waits for it, none notices if
//! it fails. All of it can be thrown away: it is built again from the files, by the same code
//! that follows them. It must not live inside an edits directory, where Java takes every
//! directory for a journal.

mod counters;
mod entries;
mod follow;
mod history;
#[allow(clippy::module_inception, reason = "the type the folder is about")]
mod index;
mod index_error;
mod index_options;
mod index_status;
mod keeper;
mod key;
mod shared;
mod store;

pub use follow::Follower;
pub use history::{HistoryEvent, HistoryKind, HistoryQuery};
pub use index::Index;
pub use index_error::IndexError;
pub use index_options::IndexOptions;
pub use index_status::{IndexState, IndexStatus};

pub use crate::editlog::{Checkpoint, Position};
