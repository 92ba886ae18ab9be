//! Reading what is committed: from the nodes' caches, else from their files over HTTP.

mod committed_edits;
mod plan;
mod quorum_reader;
mod read_error;
mod segment_stream;

pub use committed_edits::CommittedEdits;
pub use plan::NodeManifest;
pub use quorum_reader::QuorumReader;
pub use read_error::{ReadError, SegmentReadError};
