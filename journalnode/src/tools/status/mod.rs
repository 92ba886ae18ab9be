//! `journalnode status`: all JournalNodes of a cluster at a glance, Java's and ours.

mod command;
mod index_view;
mod jmx;
mod json;
mod node_view;
mod probe;
mod quorum;
mod quorum_view;
mod table;

pub use command::{Options, run};
pub use index_view::IndexView;
pub use node_view::{Answer, JmxFigures, NodeState, NodeView};
pub use quorum::{Quorum, quorums};
pub use quorum_view::QuorumView;
