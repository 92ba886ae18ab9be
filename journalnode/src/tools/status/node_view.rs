use hadoop_ipc::conf::HostPort;

use super::IndexView;
use crate::types::{Epoch, TxId};

/// One JournalNode, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeView {
    /// As the configuration has it.
    pub address: HostPort,
    /// Its answers; else why there are none.
    pub answer: Result<Answer, String>,
}

/// What a JournalNode answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it has the journal. If not, there is nothing else.
    pub formatted: bool,
    /// What it promised.
    pub promised_epoch: Option<Epoch>,
    /// `http://host:port`.
    pub http: Option<String>,
    /// The first transaction of the newest segment.
    pub segment: Option<TxId>,
    /// The last transaction.
    pub last: Option<TxId>,
    /// The last transaction that it knows to be committed.
    pub committed: Option<TxId>,
    /// From `/jmx`; else why it has none.
    pub jmx: Result<JmxFigures, String>,
}

/// What `/jmx` tells of a journal. Java's JournalNode has no value for
/// those from `free_bytes` on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JmxFigures {
    /// Hadoop's release and revision, or ours.
    pub version: Option<String>,
    /// Who wrote last.
    pub writer_epoch: Option<Epoch>,
    /// The last transaction written.
    pub last_written: Option<TxId>,
    /// How many transactions the node said it was behind at the last write.
    pub lag_txns: Option<i64>,
    /// Time to sync a batch, in microseconds; `None` if nothing was synced in the last minute.
    pub sync_p99_micros: Option<u64>,
    /// When the last batch was written, in milliseconds of the Unix epoch; `None` for not since
    /// the node started.
    pub last_write_ms: Option<u64>,
    /// Free space of the journal's disk, in bytes.
    pub free_bytes: Option<u64>,
    /// Whether the journal serves no changes.
    pub out_of_service: Option<bool>,
    /// Segments that a failed disk closed.
    pub failed_segments: Option<u64>,
    /// Finished segments that are not what they were.
    pub damaged_segments: Option<u64>,
    /// How long the disk, or a request behind it, has not got on, in milliseconds.
    pub stalled_ms: Option<u64>,
    /// How it stands with its writer: the words of [`Standing`](crate::journal::Standing).
    pub standing: Option<String>,
    /// Address and epoch of the last writer.
    pub last_writer: Option<String>,
    /// The index, which is the node's: all its journals have it in common.
    pub index: Option<IndexView>,
}

/// What is wrong with a node, if anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// In step.
    Ok,
    /// It answered nothing, or refused.
    Unreachable,
    /// It does not have the journal.
    NotFormatted,
    /// Its disk failed; it serves no changes.
    OutOfService,
    /// It lacks transactions that are committed.
    Behind {
        /// How many.
        txns: i64,
    },
}

impl NodeView {
    /// How this node stands in a quorum that has committed this much.
    pub fn state(&self, committed: Option<TxId>) -> NodeState {
        let Ok(answer) = &self.answer else { return NodeState::Unreachable };
        let jmx = answer.jmx.as_ref();
        if !answer.formatted {
            return NodeState::NotFormatted;
        }
        if jmx.is_ok_and(|jmx| jmx.out_of_service == Some(true)) {
            return NodeState::OutOfService;
        }
        match answer.lag_txns(committed) {
            0 => NodeState::Ok,
            txns => NodeState::Behind { txns },
        }
    }
}

impl Answer {
    /// A node without the journal.
    pub(super) fn not_formatted() -> Self {
        let jmx = Err("not asked".to_owned());
        let (promised_epoch, http, segment, last, committed) = Default::default();
        Self { formatted: false, promised_epoch, http, segment, last, committed, jmx }
    }

    /// How many transactions it lacks of those that are committed.
    pub fn lag_txns(&self, committed: Option<TxId>) -> i64 {
        let number = |txid: Option<TxId>| txid.map_or(0, |txid| txid.0.max(0));
        number(committed).saturating_sub(number(self.last)).max(0)
    }
}

impl NodeState {
    /// A word for scripts, which does not change.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unreachable => "unreachable",
            Self::NotFormatted => "not-formatted",
            Self::OutOfService => "out-of-service",
            Self::Behind { .. } => "behind",
        }
    }
}
