use thiserror::Error;

/// What must never be seen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Violation {
    /// An operation was acknowledged, and the file system does not show it.
    #[error("lost: {name} was acknowledged, and the file system does not have it")]
    Vanished {
        /// Its name.
        name: String,
    },
    /// An operation was acknowledged, and is not in the log.
    #[error("lost: {name} was acknowledged, and the log does not have it")]
    NotLogged {
        /// Its name.
        name: String,
    },
    /// An operation is in the log more than once.
    #[error("applied twice: {name} is in the log as transactions {txids:?}")]
    LoggedTwice {
        /// Its name.
        name: String,
        /// Where.
        txids: Vec<u64>,
    },
    /// A client was refused since its own operation had been done already.
    #[error("tried twice: {name} was refused since it had been done before")]
    RefusedAsDone {
        /// Its name.
        name: String,
    },
    /// Two hosts wrote under the same epoch.
    #[error("two writers: epoch {epoch} is {one}'s on {one_node} and {other}'s on {other_node}")]
    SharedEpoch {
        /// The epoch.
        epoch: u64,
        /// A writer.
        one: String,
        /// Where it wrote.
        one_node: String,
        /// Another one.
        other: String,
        /// Where that wrote.
        other_node: String,
    },
    /// A JournalNode let an older writer write after a newer one.
    #[error("an old writer: {node} let epoch {epoch} write after epoch {newer}")]
    EpochWentBack {
        /// The JournalNode.
        node: String,
        /// The older epoch.
        epoch: u64,
        /// The newer one.
        newer: u64,
    },
    /// An older writer began a segment behind one of a newer writer.
    #[error("an old writer: epoch {epoch} began segment {first}, behind {newer_first} of {newer}")]
    OldWriterAhead {
        /// The older epoch.
        epoch: u64,
        /// Its segment.
        first: u64,
        /// The newer epoch.
        newer: u64,
        /// That one's segment.
        newer_first: u64,
    },
    /// No JournalNode knows who began a segment: the checks of the writers have not seen it.
    #[error("no writer: no JournalNode has logged under which epoch segment {first} was begun")]
    NoWriter {
        /// The segment.
        first: u64,
    },
    /// A transaction is not the same on two JournalNodes.
    #[error("replicas differ: transaction {txid} is not the same on {one} and {other}")]
    Differs {
        /// The transaction.
        txid: u64,
        /// A JournalNode.
        one: String,
        /// Another one.
        other: String,
    },
    /// A JournalNode lacks a transaction that others have finished.
    #[error("a gap: {node} lacks transaction {txid}")]
    Missing {
        /// The transaction.
        txid: u64,
        /// Who lacks it.
        node: String,
    },
    /// Segments end at different transactions.
    #[error("replicas differ: {one} and {other} do not have the same segments")]
    Segments {
        /// A JournalNode.
        one: String,
        /// Another one.
        other: String,
    },
}
