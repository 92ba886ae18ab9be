use bytes::Bytes;

use super::{Answer, NodeFailure, NodeIndex, Operation, Outgoing, QuorumError, RoundId};
use crate::types::TxId;

/// What the owner of a writer wants. One at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Negotiate and recover.
    Open,
    /// Start the segment with this first transaction.
    StartSegment(TxId),
    /// Append transactions to the open segment.
    Write {
        /// The first of them.
        first: TxId,
        /// How many.
        count: u32,
        /// The operations, back to back.
        records: Bytes,
    },
    /// Finish the open segment.
    Finalize {
        /// Its first transaction.
        first: TxId,
        /// Its last.
        last: TxId,
    },
    /// Drop what is before this transaction. Not waited for.
    Purge(TxId),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The owner wants something. Not before the last order is finished.
    Order(Order),
    /// A node answered the call it was sent.
    Answered(NodeIndex, Result<Answer, NodeFailure>),
    /// The time for a question is over.
    Expired(RoundId),
}

/// What to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Give the nodes time for this question from now on.
    Await(RoundId, Operation),
    /// Make a call.
    Send(Outgoing),
    /// Tell the owner how its order ended.
    Finish(Result<(), QuorumError>),
}
