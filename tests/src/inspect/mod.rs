//! Looking into JournalNodes' directories from outside.

mod journal_dir;
mod segment_file;

pub use journal_dir::JournalDir;
pub use segment_file::SegmentFile;
