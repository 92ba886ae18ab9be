//! What readers of the newest transactions get: from the cache, else from the files. Pure as
//! everything here: which files may be read, and up to where, is decided; reading them is the
//! shell's part.

mod committed_edits;
mod edits_query;
mod from_disk;
mod journaled_edits;
mod pace;
mod source;

pub use committed_edits::committed_edits;
pub use edits_query::EditsQuery;
pub use journaled_edits::journaled_edits;
pub use pace::Pace;
pub use source::EditsSource;
