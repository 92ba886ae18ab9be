//! The files of a journal, byte for byte as Java's JournalNode keeps them. One kind of file
//! to a module; every change goes through [`disk::Disk`].
//!
//! [`JournalStorage`] is the one writer of a journal directory; [`JournalFiles`] reads beside
//! it. Renames are followed by a sync of their directory, which Java leaves out.

mod analysis;
mod atomic_file;
mod best_effort_long;
#[cfg(any(test, feature = "testing"))]
pub mod content;
mod current_dir;
pub mod disk;
mod download;
mod edits;
mod error;
mod format;
mod java_date;
mod journal_files;
mod journal_storage;
mod layout;
mod lock;
mod names;
mod options;
mod passed_segment;
mod paxos_file;
mod persistent_long;
mod properties;
mod purge;
mod rejoin;
mod replace;
mod segment_writer;
mod settle;
mod torn_tail;
mod upgrade;
mod version_file;

pub use crate::engine::{Contents, Outcome};
pub use download::DownloadFile;
pub use edits::EditsRead;
pub use error::{AppendFault, AppendPhase, StorageError};
pub use journal_files::{JournalFiles, OpenedSegment};
pub use journal_storage::JournalStorage;
pub use options::StorageOptions;
pub use passed_segment::PassedSegment;
