use thiserror::Error;

use crate::quorum::engine::{BadOp, QuorumError};
use crate::types::TxId;

/// Why committed edits could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// No majority answered.
    #[error(transparent)]
    Quorum(#[from] QuorumError),
    /// No node has that transaction any more.
    #[error("txid {since} is gone: the log begins with {oldest}")]
    Gone {
        /// What was asked for.
        since: TxId,
        /// The oldest transaction of a majority of the nodes.
        oldest: TxId,
    },
    /// No node that has it gave it out.
    #[error("txid {since} cannot be read: {}", reasons(.why))]
    Unreadable {
        /// What was asked for.
        since: TxId,
        /// Each node that has it, and what went wrong.
        why: Vec<(String, SegmentReadError)>,
    },
}

/// Why a segment could not be read from one node.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SegmentReadError {
    /// The node did not answer, or stopped in the middle.
    #[error("{0}")]
    Http(String),
    /// The node refused.
    #[error("HTTP status {0}")]
    Status(u16),
    /// Without a length, a cut transfer cannot be told from a whole one.
    #[error("no Content-Length, or 0")]
    NoContentLength,
    /// The bytes are damaged.
    #[error(transparent)]
    BadOp(#[from] BadOp),
    /// A gap, or something else than the segment that was asked for.
    #[error("transaction {found} where {expected} should be")]
    OutOfOrder {
        /// What must come next.
        expected: TxId,
        /// What came.
        found: TxId,
    },
    /// It ended too early.
    #[error("it ended before transaction {0}")]
    Short(TxId),
}

fn reasons(why: &[(String, SegmentReadError)]) -> String {
    let each = why.iter().map(|(node, error)| format!("{node}: {error}"));
    each.collect::<Vec<_>>().join("; ")
}
