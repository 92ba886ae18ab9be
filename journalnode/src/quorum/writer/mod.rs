//! The shell of the writer: a driver task that owns [`Writer`](super::engine::Writer), and one
//! task per node that makes its calls.

mod driver;
mod logger;
mod quorum_writer;

pub use quorum_writer::QuorumWriter;
