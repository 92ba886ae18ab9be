use std::sync::Arc;
use std::time::Duration;

use hadoop_proto::inspect::v1::{TailRequest, TailResponse, Transaction};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tonic::Status;

use super::stream::Answering;
use super::{Describer, Inspected};
use crate::engine::{Failure, Refusal};
use crate::journal::{Journal, Progress};
use crate::quorum::engine::{Op, OpDecoder};
use crate::types::TxId;

/// How many transactions are read at once.
const MAX_TXNS: u32 = 1000;
/// An answer ends with the operation that goes beyond this.
const ANSWER_BYTES: usize = 1 << 20;
/// How long the next transaction may be missing: a writer may be recovering the segment that it
/// is in, or this node missed it and has to fetch it from a peer.
const MISSING: Duration = Duration::from_secs(300);
/// How often it is looked for meanwhile, at least.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A caller that follows the committed transactions of a journal.
pub(super) struct Tail {
    journal: Arc<Journal>,
    progress: watch::Receiver<Progress>,
    next: TxId,
    describer: Describer,
    with_bytes: bool,
}

impl Tail {
    /// Finds out where to begin.
    pub(super) async fn begin(
        inspected: &Inspected,
        request: &TailRequest,
    ) -> Result<Self, Status> {
        let journal = inspected.journal(&request.journal).await?;
        let progress = journal.progress();
        let next = first_wanted(&journal, &progress, request)?;
        let describer = Describer::within(segment_of(&journal, next));
        Ok(Self { journal, progress, next, describer, with_bytes: request.with_bytes })
    }

    /// Sends what is committed, then what becomes committed. Nothing is read ahead: while the
    /// caller does not take what was sent, nobody reads.
    pub(super) async fn run(mut self, answers: Answering<TailResponse>) -> Result<(), Status> {
        let mut missing_since = None;
        loop {
            self.progress.borrow_and_update();
            match self.journal.committed_edits(self.next, MAX_TXNS).await {
                Ok(edits) if edits.count > 0 => {
                    missing_since = None;
                    self.send(&edits.edit_log, &answers).await?;
                }
                Ok(_) => self.wait().await?,
                Err(failure) => {
                    let since = *missing_since.get_or_insert_with(Instant::now);
                    if self.is_purged() || since.elapsed() > MISSING {
                        return Err(not_had(&failure));
                    }
                    let _ = timeout(LOOK_AGAIN, self.wait()).await;
                }
            }
        }
    }

    async fn wait(&mut self) -> Result<(), Status> {
        let changed = self.progress.changed().await;
        changed.map_err(|_| Status::unavailable("the journal is closed"))
    }

    fn is_purged(&self) -> bool {
        oldest(&self.journal).is_some_and(|oldest| self.next < oldest)
    }

    async fn send(
        &mut self,
        edit_log: &[u8],
        answers: &Answering<TailResponse>,
    ) -> Result<(), Status> {
        let mut decoder = OpDecoder::default();
        decoder.feed(edit_log);
        let (mut transactions, mut bytes) = (Vec::new(), 0);
        while let Some(op) = decoder.next_op().map_err(damaged)? {
            transactions.push(self.take(&op)?);
            bytes += op.bytes.len();
            if bytes >= ANSWER_BYTES {
                answers.send(self.answer(std::mem::take(&mut transactions))).await?;
                bytes = 0;
            }
        }
        match transactions.is_empty() {
            true => Ok(()),
            false => answers.send(self.answer(transactions)).await,
        }
    }

    fn take(&mut self, op: &Op) -> Result<Transaction, Status> {
        if op.txid != self.next {
            return Err(damaged(format!("transaction {} where {} should be", op.txid, self.next)));
        }
        self.next = op.txid.next();
        Ok(self.describer.describe(op, self.with_bytes))
    }

    fn answer(&self, transactions: Vec<Transaction>) -> TailResponse {
        let committed = self.progress.borrow().committed;
        let committed = committed.max(Some(self.next.previous()));
        TailResponse { transactions, committed_txid: committed.map_or(0, |txid| txid.0) }
    }
}

fn first_wanted(
    journal: &Journal,
    progress: &watch::Receiver<Progress>,
    request: &TailRequest,
) -> Result<TxId, Status> {
    let committed = progress.borrow().committed.unwrap_or(TxId(0));
    let since = request.since_txid.map_or_else(|| committed.next(), TxId);
    if since < TxId(1) {
        return Err(Status::invalid_argument("since_txid: the first transaction is 1"));
    }
    match oldest(journal) {
        Some(oldest) if since < oldest && request.or_oldest => Ok(oldest),
        _ => Ok(since),
    }
}

fn oldest(journal: &Journal) -> Option<TxId> {
    let finished = journal.finished_segments().first().map(|segment| segment.first);
    finished.or_else(|| journal.status().open_segment)
}

/// The first transaction of the segment that holds this one.
fn segment_of(journal: &Journal, txid: TxId) -> Option<TxId> {
    let holds = |last: Option<TxId>| last.is_some_and(|last| txid <= last);
    let segments = journal.finished_segments();
    let before = segments.iter().rev().find(|segment| segment.first <= txid);
    let finished = before.filter(|segment| holds(segment.last)).map(|segment| segment.first);
    finished.or_else(|| journal.status().open_segment.filter(|first| *first <= txid))
}

fn not_had(failure: &Failure) -> Status {
    match failure {
        Failure::Refused(Refusal::CacheMiss { text, .. }) => Status::not_found(text.clone()),
        other => Status::internal(other.to_string()),
    }
}

fn damaged(what: impl std::fmt::Display) -> Status {
    Status::data_loss(format!("what was read of the edits is damaged: {what}"))
}
