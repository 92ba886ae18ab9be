use std::time::Duration;

use bytes::Bytes;
use hadoop_ipc::client::Target;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::driver::{Driver, Ordered};
use crate::quorum::engine::{NodeStatus, Order, QuorumError, WriterStatus};
use crate::quorum::node_client::NodeClient;
use crate::quorum::{NamespaceInfo, QuorumOptions};
use crate::types::{Epoch, JournalId, TxId};

/// The writer of a journal: fenced off from every writer before it, and by the first one after
/// it (`QuorumJournalManager`).
///
/// Operations come one after the other. A failed one ends the writer: what it wrote last may or
/// may not be in the log until the next writer has recovered it. Dropping the writer gives up
/// what slow nodes have not been sent yet.
pub struct QuorumWriter {
    orders: mpsc::Sender<Ordered>,
    status: watch::Receiver<WriterStatus>,
    driver: AbortHandle,
}

impl QuorumWriter {
    /// Negotiates an epoch with a majority of the nodes, and recovers the segment that the last
    /// writer left open. Must run inside a tokio runtime.
    pub async fn open(
        journal: &JournalId,
        nodes: &[Target],
        namespace: &NamespaceInfo,
        options: QuorumOptions,
    ) -> Result<Self, QuorumError> {
        let clients = NodeClient::all(nodes, journal, namespace, &options);
        let (orders, received) = mpsc::channel(1);
        let limit = options.queued_edits_limit_bytes;
        let (driver, status) =
            Driver::new(journal.to_string(), &clients, limit, options.timeouts, received);
        let driver = tokio::spawn(driver.run()).abort_handle();
        let writer = Self { orders, status, driver };
        writer.order(Order::Open).await?;
        Ok(writer)
    }

    /// Starts a segment with this first transaction on a majority. Nodes that fell out of sync
    /// join again.
    pub async fn start_segment(&mut self, first: TxId) -> Result<(), QuorumError> {
        self.order(Order::StartSegment(first)).await
    }

    /// Appends `count` transactions from `first` on, framed as in a file, and returns when a
    /// majority has made them durable.
    pub async fn write(
        &mut self,
        first: TxId,
        count: u32,
        records: Bytes,
    ) -> Result<(), QuorumError> {
        self.order(Order::Write { first, count, records }).await
    }

    /// Finishes the open segment on a majority.
    pub async fn finalize(&mut self, first: TxId, last: TxId) -> Result<(), QuorumError> {
        self.order(Order::Finalize { first, last }).await
    }

    /// Lets the nodes drop segments that end before `keep_from`; not waited for.
    pub async fn purge(&mut self, keep_from: TxId) -> Result<(), QuorumError> {
        self.order(Order::Purge(keep_from)).await
    }

    /// Waits, at most this long, until every node has answered everything, and says whether
    /// they have.
    pub async fn settle(&mut self, limit: Duration) -> bool {
        let idle = |node: &NodeStatus| node.queued_calls == 0;
        let settled = self.status.wait_for(|status| status.nodes.iter().all(idle));
        timeout(limit, settled).await.is_ok_and(|settled| settled.is_ok())
    }

    /// Ends the writer, leaving an open segment to the next one. Nodes that are behind have
    /// this long to catch up.
    pub async fn close(mut self, limit: Duration) {
        self.settle(limit).await;
    }

    /// How the writer and each node stand now.
    pub fn status(&self) -> WriterStatus {
        self.status.borrow().clone()
    }

    /// Its epoch.
    pub fn epoch(&self) -> Epoch {
        self.status.borrow().epoch.unwrap_or_default()
    }

    /// The transaction that must come next; `None` in an empty journal, where any may.
    pub fn next_txid(&self) -> Option<TxId> {
        self.status.borrow().next_txid
    }

    async fn order(&self, order: Order) -> Result<(), QuorumError> {
        let (done, outcome) = oneshot::channel();
        self.orders.send((order, done)).await.map_err(|_| QuorumError::Gone)?;
        outcome.await.unwrap_or(Err(QuorumError::Gone))
    }
}

impl Drop for QuorumWriter {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
