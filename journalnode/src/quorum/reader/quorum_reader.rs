use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use hadoop_ipc::client::Target;
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use super::plan::{NodeManifest, Plan, Source, plan};
use super::segment_stream::{SegmentStream, Wanted};
use super::{CommittedEdits, ReadError, SegmentReadError};
use crate::quorum::ask::{ask, names};
use crate::quorum::engine::{
    Lost, NodeFailure, NodeIndex, Op, OpDecoder, Operation, QuorumError, Tally, Verdict,
    agreed_prefix,
};
use crate::quorum::http_base::segment_url;
use crate::quorum::node_client::NodeClient;
use crate::quorum::{NamespaceInfo, QuorumOptions};
use crate::types::{JournalId, StorageInfo, TxId};

/// How long a read waits for the rest of the nodes when the first majority does not agree.
const LAGGARD_GRACE: Duration = Duration::from_secs(1);

/// A reader of a journal, as a standby NameNode is one. It disturbs no writer: nothing on the
/// nodes changes.
pub struct QuorumReader {
    nodes: Vec<Arc<NodeClient>>,
    options: QuorumOptions,
    segments: SegmentStream,
    journal: JournalId,
    storage: StorageInfo,
}

impl QuorumReader {
    /// A reader that connects at the first call.
    pub fn new(
        journal: &JournalId,
        nodes: &[Target],
        namespace: &NamespaceInfo,
        mut options: QuorumOptions,
    ) -> Self {
        options.client.max_calls_in_flight = options.parallel_reads;
        let segments = SegmentStream::new(&options);
        let nodes = NodeClient::all(nodes, journal, namespace, &options);
        let (journal, storage) = (journal.clone(), namespace.storage.clone());
        Self { nodes, options, segments, journal, storage }
    }

    /// What a majority of the nodes have of the log from `since` on: each one's segments, as
    /// they may differ.
    pub async fn manifest(
        &self,
        since: TxId,
        in_progress_ok: bool,
    ) -> Result<Vec<NodeManifest>, QuorumError> {
        let call = async |node: Arc<NodeClient>| {
            let answer = node.manifest(since, in_progress_ok).await?;
            Ok(NodeManifest {
                node: node.name().to_owned(),
                http: answer.http,
                segments: answer.segments,
                committed: answer.committed,
            })
        };
        let tally = Tally::majority_of(self.nodes.len());
        let limit = self.options.timeouts.read;
        let tally = ask(&self.nodes, Operation::Manifest(since), tally, limit, call).await?;
        Ok(tally.successes().map(|(_, manifest)| manifest.clone()).collect())
    }

    /// The next committed transactions from `since` on, up to the limits of the options; empty
    /// if there is none yet. From the nodes' caches, else from their files.
    pub async fn committed_edits(&self, since: TxId) -> Result<CommittedEdits, ReadError> {
        match self.cached_edits(since).await {
            Ok(Some(ops)) => return Ok(CommittedEdits::new(ops)),
            Ok(None) => {}
            Err(error) => debug!("no cached edits from {since} on, reading files: {error}"),
        }
        self.edits_of_files(since).await.map(CommittedEdits::new)
    }

    /// `None` if the nodes do not agree on anything: their files may tell more.
    async fn cached_edits(&self, since: TxId) -> Result<Option<Vec<Op>>, QuorumError> {
        let mut calls: FuturesUnordered<_> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(index, node)| async move { (NodeIndex(index), cached_ops(node, since).await) })
            .collect();
        let majority = Tally::<Vec<Op>>::majority_of(self.nodes.len());
        let needed = majority.needed();
        let mut deadline = Instant::now() + self.options.timeouts.read;
        let mut tally = majority;
        let mut copies: Vec<Vec<Op>> = Vec::new();
        while let Ok(Some((node, answer))) = timeout_at(deadline, calls.next()).await {
            if let Ok(ops) = &answer {
                copies.push(ops.clone());
            }
            match tally.note(node, answer) {
                Verdict::Open => {}
                Verdict::Lost => break,
                Verdict::Won => {
                    let agreed = agreed_prefix(&copies, needed);
                    if !agreed.is_empty() || copies.iter().all(Vec::is_empty) {
                        return Ok(Some(agreed));
                    }
                    deadline = deadline.min(Instant::now() + LAGGARD_GRACE);
                }
            }
        }
        match tally.expire() {
            Verdict::Won => Ok(None),
            _ => {
                let operation = Operation::JournaledEdits(since);
                Err(Lost::of(operation, &tally, &names(&self.nodes)).into())
            }
        }
    }

    async fn edits_of_files(&self, since: TxId) -> Result<Vec<Op>, ReadError> {
        let manifests = self.manifest(since, true).await?;
        match plan(since, &manifests)? {
            Plan::Nothing => Ok(Vec::new()),
            Plan::Finalized(sources) => self.first_good(since, &sources).await,
            Plan::InProgress(sources) => self.agreed(since, &sources).await,
        }
    }

    async fn first_good(&self, since: TxId, sources: &[Source]) -> Result<Vec<Op>, ReadError> {
        let mut why = Vec::new();
        for source in sources {
            match self.read(since, source).await {
                Ok(ops) => return Ok(ops),
                Err(error) => why.push((source.node.clone(), error)),
            }
        }
        Err(ReadError::Unreadable { since, why })
    }

    async fn agreed(&self, since: TxId, sources: &[Source]) -> Result<Vec<Op>, ReadError> {
        let reads = sources.iter().map(|source| self.read(since, source));
        let (mut copies, mut why) = (Vec::new(), Vec::new());
        for (source, read) in sources.iter().zip(join_all(reads).await) {
            match read {
                Ok(ops) => copies.push(ops),
                Err(error) => why.push((source.node.clone(), error)),
            }
        }
        if copies.is_empty() {
            return Err(ReadError::Unreadable { since, why });
        }
        let majority = Tally::<()>::majority_of(self.nodes.len()).needed();
        Ok(agreed_prefix(&copies, majority))
    }

    async fn read(&self, since: TxId, source: &Source) -> Result<Vec<Op>, SegmentReadError> {
        let Source { http, first, last, .. } = source;
        let url = segment_url(http, &self.journal, &self.storage, *first);
        let wanted = Wanted { first: *first, since, last: *last };
        self.segments.read(&url, wanted).await
    }
}

/// A node's cached edits, each with a good checksum, starting with `since`.
async fn cached_ops(node: &NodeClient, since: TxId) -> Result<Vec<Op>, NodeFailure> {
    let answer = node.journaled_edits(since).await?;
    let mut decoder = OpDecoder::default();
    decoder.feed(&answer.edit_log.unwrap_or_default());
    let malformed = |reason: String| NodeFailure::Unanswered { reason };
    let mut ops: Vec<Op> = Vec::new();
    let mut expected = since;
    while let Some(op) = decoder.next_op().map_err(|bad| malformed(bad.to_string()))? {
        if op.txid != expected {
            return Err(malformed(format!("transaction {} instead of {expected}", op.txid)));
        }
        expected = expected.next();
        ops.push(op);
    }
    Ok(ops)
}
