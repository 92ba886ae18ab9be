use std::sync::Arc;

use hadoop_ipc::client::{Client, ClientError, Target};
use hadoop_proto::qjournal::*;
use hadoop_proto::{Message, Required};
use tokio::time::sleep;

use super::engine::{Answer, Call, NodeFailure, Outgoing};
use super::http_base::{http_base, segment_url};
use super::{NamespaceInfo, QuorumOptions, wire};
use crate::engine::{ManifestEntry, RequestInfo};
use crate::types::{Epoch, JournalId, TxId};

/// One node of the quorum, and the journal on it.
pub(super) struct NodeClient {
    name: String,
    client: Client,
    journal: JournalId,
    namespace: NamespaceInfo,
    options: QuorumOptions,
}

/// What a node says it has.
pub(super) struct ManifestAnswer {
    pub(super) http: String,
    pub(super) segments: Vec<ManifestEntry>,
    pub(super) committed: Option<TxId>,
}

impl NodeClient {
    /// One per node, in order.
    pub(super) fn all(
        nodes: &[Target],
        journal: &JournalId,
        namespace: &NamespaceInfo,
        options: &QuorumOptions,
    ) -> Vec<Arc<Self>> {
        let one = |target: &Target| {
            Arc::new(Self {
                name: target.to_string(),
                client: Client::new(target.clone(), options.client_options()),
                journal: journal.clone(),
                namespace: namespace.clone(),
                options: options.clone(),
            })
        };
        nodes.iter().map(one).collect()
    }

    /// `host:port`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Makes a call of the write path.
    pub(super) async fn write_path(&self, outgoing: Outgoing) -> Result<Answer, NodeFailure> {
        let Outgoing { call, info, .. } = outgoing;
        match (call, info) {
            (Call::JournalState, _) => self.journal_state().await,
            (Call::NewEpoch(epoch), _) => self.new_epoch(epoch).await,
            (call, Some(info)) => self.write(call, self.info(info)).await,
            (call, None) => {
                let reason = format!("{call:?} needs an epoch");
                Err(NodeFailure::Unanswered { reason })
            }
        }
    }

    async fn write(&self, call: Call, req_info: RequestInfoProto) -> Result<Answer, NodeFailure> {
        match call {
            Call::PrepareRecovery(first) => {
                let request =
                    PrepareRecoveryRequestProto { req_info, segment_tx_id: first.0 as u64 };
                let answer = self.call("prepareRecovery", &request).await?;
                return Ok(Answer::Prepared(wire::prepared_recovery(&answer)));
            }
            Call::AcceptRecovery { segment, source } => {
                let storage = &self.namespace.storage;
                let request = AcceptRecoveryRequestProto {
                    req_info,
                    state_to_accept: wire::segment_state_proto(segment),
                    from_url: segment_url(&source, &self.journal, storage, segment.start),
                };
                self.call::<AcceptRecoveryResponseProto>("acceptRecovery", &request).await?;
            }
            Call::StartSegment(first) => {
                let layout_version = Some(self.namespace.storage.layout_version.0);
                let txid = first.0 as u64;
                let request = StartLogSegmentRequestProto { req_info, txid, layout_version };
                self.call::<StartLogSegmentResponseProto>("startLogSegment", &request).await?;
            }
            Call::Journal(batch) => {
                let request = JournalRequestProto {
                    name_service_id: req_info.name_service_id.clone(),
                    req_info,
                    first_txn_id: batch.first.0 as u64,
                    num_txns: batch.count,
                    records: batch.records,
                    segment_txn_id: batch.segment.0 as u64,
                };
                self.call::<JournalResponseProto>("journal", &request).await?;
            }
            Call::Finalize { first, last } => {
                let request = FinalizeLogSegmentRequestProto {
                    req_info,
                    start_tx_id: first.0 as u64,
                    end_tx_id: last.0 as u64,
                };
                self.call::<FinalizeLogSegmentResponseProto>("finalizeLogSegment", &request)
                    .await?;
            }
            Call::Purge(keep_from) => {
                let min_tx_id_to_keep = keep_from.0 as u64;
                let request = PurgeLogsRequestProto { req_info, min_tx_id_to_keep };
                self.call::<PurgeLogsResponseProto>("purgeLogs", &request).await?;
            }
            // The last two say nothing of who asks, and never come here.
            Call::Heartbeat | Call::JournalState | Call::NewEpoch(_) => {
                let request = HeartbeatRequestProto { req_info };
                self.call::<HeartbeatResponseProto>("heartbeat", &request).await?;
            }
        }
        Ok(Answer::Done)
    }

    async fn journal_state(&self) -> Result<Answer, NodeFailure> {
        let request = GetJournalStateRequestProto {
            jid: wire::journal_id(&self.journal),
            name_service_id: self.name_service_id(),
        };
        let answer: GetJournalStateResponseProto = self.call("getJournalState", &request).await?;
        Ok(Answer::JournalState {
            promised: Epoch(answer.last_promised_epoch as i64),
            http: self.http_base(answer.from_url.as_deref(), answer.http_port),
        })
    }

    async fn new_epoch(&self, epoch: Epoch) -> Result<Answer, NodeFailure> {
        let request = NewEpochRequestProto {
            jid: wire::journal_id(&self.journal),
            ns_info: wire::namespace_info(&self.namespace),
            epoch: epoch.0 as u64,
            name_service_id: self.name_service_id(),
        };
        let answer: NewEpochResponseProto = self.call("newEpoch", &request).await?;
        Ok(Answer::NewEpoch(answer.last_segment_tx_id.and_then(TxId::from_wire)))
    }

    pub(super) async fn format(&self, force: bool) -> Result<(), NodeFailure> {
        let request = FormatRequestProto {
            jid: wire::journal_id(&self.journal),
            ns_info: wire::namespace_info(&self.namespace),
            name_service_id: self.name_service_id(),
            force: Some(force),
        };
        self.call::<FormatResponseProto>("format", &request).await.map(drop)
    }

    pub(super) async fn is_formatted(&self) -> Result<bool, NodeFailure> {
        let request = IsFormattedRequestProto {
            jid: wire::journal_id(&self.journal),
            name_service_id: self.name_service_id(),
        };
        let answer: IsFormattedResponseProto = self.call("isFormatted", &request).await?;
        Ok(answer.is_formatted)
    }

    pub(super) async fn manifest(
        &self,
        since: TxId,
        in_progress_ok: bool,
    ) -> Result<ManifestAnswer, NodeFailure> {
        let request = GetEditLogManifestRequestProto {
            jid: wire::journal_id(&self.journal),
            since_tx_id: since.0 as u64,
            in_progress_ok: Some(in_progress_ok),
            name_service_id: self.name_service_id(),
        };
        let answer: GetEditLogManifestResponseProto =
            self.call("getEditLogManifest", &request).await?;
        Ok(ManifestAnswer {
            http: self.http_base(answer.from_url.as_deref(), answer.http_port),
            segments: answer.manifest.logs.iter().map(wire::manifest_entry).collect(),
            committed: answer.manifest.committed_txn_id.and_then(TxId::from_wire),
        })
    }

    pub(super) async fn journaled_edits(
        &self,
        since: TxId,
    ) -> Result<GetJournaledEditsResponseProto, NodeFailure> {
        let request = GetJournaledEditsRequestProto {
            jid: wire::journal_id(&self.journal),
            since_tx_id: since.0 as u64,
            max_txns: self.options.max_txns_per_read,
            name_service_id: self.name_service_id(),
        };
        self.call("getJournaledEdits", &request).await
    }

    fn http_base(&self, from_url: Option<&str>, http_port: u32) -> String {
        http_base(&self.client.target().host, from_url, http_port)
    }

    fn info(&self, info: RequestInfo) -> RequestInfoProto {
        wire::request_info(&self.journal, self.options.name_service_id.as_deref(), info)
    }

    fn name_service_id(&self) -> Option<String> {
        self.options.name_service_id.clone()
    }

    /// Only a call that the node did not see is made again.
    async fn call<R: Required>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<R, NodeFailure> {
        let mut retries = self.options.connect_retries;
        loop {
            match self.client.call(method, request).await {
                Err(ClientError::Connect { .. }) if retries > 0 => {
                    retries -= 1;
                    sleep(self.options.connect_retry_interval).await;
                }
                answer => return answer.map_err(failure),
            }
        }
    }
}

fn failure(error: ClientError) -> NodeFailure {
    match error {
        ClientError::Remote(error) => NodeFailure::Refused {
            class: error.exception.class.into_owned(),
            message: error.exception.message,
        },
        other => NodeFailure::Unanswered { reason: other.to_string() },
    }
}
