//! A client of several JournalNodes that are one journal together: what a NameNode's
//! `QuorumJournalManager` does, for tools and tests.
//!
//! [`engine`] decides, without I/O. [`QuorumWriter`] becomes the journal's only writer,
//! [`QuorumReader`] reads what is committed and changes nothing, [`QuorumAdmin`] formats.

pub mod engine;

mod admin;
mod ask;
mod http_base;
#[cfg(test)]
mod model_tests;
mod namespace_info;
mod node_client;
mod options;
mod reader;
mod wire;
mod writer;

pub use admin::QuorumAdmin;
pub use engine::{Lost, NodeFailure, NodeVote, Phase, QuorumError, Vote, WriterStatus};
pub use namespace_info::NamespaceInfo;
pub use options::{QuorumOptions, Timeouts};
pub use reader::{CommittedEdits, NodeManifest, QuorumReader, ReadError, SegmentReadError};
pub use writer::QuorumWriter;
