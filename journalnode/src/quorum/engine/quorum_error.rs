use std::fmt;

use thiserror::Error;

use super::{NodeFailure, Operation, Phase, RecoveryFault, Tally};
use crate::types::{Epoch, TxId};

/// What one node had to say to a question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Vote {
    /// It did it.
    Succeeded,
    /// It did not.
    Failed(NodeFailure),
    /// It had not answered yet.
    Silent,
}

/// A node and its vote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeVote {
    /// `host:port`.
    pub node: String,
    /// What it had to say.
    pub vote: Vote,
}

/// A question that too few nodes answered well (`QuorumException`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lost {
    /// What was asked.
    pub operation: Operation,
    /// How many had to succeed.
    pub needed: usize,
    /// Whether time ran out before that was impossible.
    pub expired: bool,
    /// Every node, and why.
    pub votes: Vec<NodeVote>,
}

/// Why the quorum could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum QuorumError {
    /// Too few nodes succeeded. Some may have: the outcome is unknown until a recovery.
    #[error("{0}")]
    NoQuorum(Lost),
    /// Too few nodes succeeded, and one of them has promised itself to a newer writer.
    #[error("fenced by a newer writer: {0}")]
    Fenced(Lost),
    /// What the nodes say of the segment to recover contradicts itself.
    #[error("cannot recover: {0}")]
    Recovery(#[from] RecoveryFault),
    /// A node promised the last epoch there is.
    #[error("no epoch is left after {0}")]
    EpochsExhausted(Epoch),
    /// This writer cannot do that now.
    #[error("{operation} is not possible: the writer is {phase}")]
    Phase {
        /// What was asked.
        operation: Operation,
        /// Where the writer is.
        phase: Phase,
    },
    /// Transactions have no gaps.
    #[error("{operation} is not possible: the next transaction is {next}")]
    OutOfOrder {
        /// What was asked.
        operation: Operation,
        /// The only transaction that may come next.
        next: TxId,
    },
    /// The records are not the transactions they were said to be.
    #[error("{operation} is not possible: the records are not those transactions")]
    BadRecords {
        /// What was asked.
        operation: Operation,
    },
    /// The client is shutting down.
    #[error("the writer is gone")]
    Gone,
}

impl Lost {
    /// What to report of a lost tally.
    pub fn of<T>(operation: Operation, tally: &Tally<T>, names: &[String]) -> Self {
        let votes = names.iter().cloned().zip(tally.votes());
        Self {
            operation,
            needed: tally.needed(),
            expired: tally.is_expired(),
            votes: votes.map(|(node, vote)| NodeVote { node, vote }).collect(),
        }
    }

    fn is_fenced(&self) -> bool {
        let fenced = |vote: &NodeVote| matches!(&vote.vote, Vote::Failed(why) if why.is_fenced());
        self.votes.iter().any(fenced)
    }
}

impl From<Lost> for QuorumError {
    fn from(lost: Lost) -> Self {
        if lost.is_fenced() { Self::Fenced(lost) } else { Self::NoQuorum(lost) }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, needed, expired, votes } = self;
        let why = if *expired { "timed out before" } else { "failed:" };
        write!(f, "{operation} {why} {needed} of {} nodes succeeded", votes.len())?;
        votes.iter().try_for_each(|vote| write!(f, "; {vote}"))
    }
}

impl fmt::Display for NodeVote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, vote } = self;
        match vote {
            Vote::Succeeded => write!(f, "{node}: succeeded"),
            Vote::Failed(why) => write!(f, "{node}: {why}"),
            Vote::Silent => write!(f, "{node}: no answer yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quorum::engine::NodeIndex;

    #[test]
    fn an_error_names_every_node_and_why() {
        let names = ["a:1", "b:2", "c:3"].map(str::to_owned);
        let mut tally = Tally::majority_of(3);
        tally.note(NodeIndex(2), Ok(()));
        tally.note(NodeIndex(0), Err(NodeFailure::OutOfSync));
        tally.expire();
        let lost = Lost::of(Operation::Write { first: TxId(4), last: TxId(6) }, &tally, &names);
        assert_eq!(
            QuorumError::from(lost).to_string(),
            "journal(4-6) timed out before 2 of 3 nodes succeeded; a:1: out of sync: not written \
             to until the next segment; b:2: no answer yet; c:3: succeeded"
        );
    }
}
