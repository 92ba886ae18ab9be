use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::server::{Call, CallError, Protocol, ProtocolDescriptor, decode_request};
use hadoop_proto::Message;
use hadoop_proto::qjournal::*;
use url::Url;

use super::inter_qjournal::manifest;
use super::{HttpAddress, convert, failure, responses};
use crate::engine::{self, Decision, Facts, State};
use crate::journal::Journal;
use crate::node::JournalNode;
use crate::types::LayoutVersion;

/// `QJournalProtocol`: what a NameNode's QuorumJournalManager asks of a JournalNode.
#[derive(Debug)]
pub struct QJournalProtocol {
    node: Arc<JournalNode>,
    http: HttpAddress,
}

const DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB",
    method_hashes: &[
        2_399_959_145,
        2_400_489_783,
        2_403_184_681,
        2_702_277_481,
        2_824_002_833,
        3_042_687_924,
        3_371_836_524,
        3_417_732_797,
        3_701_776_623,
        3_786_933_437,
        4_126_764_355,
        129_440_377,
        264_558_310,
        331_730_898,
        611_185_050,
        1_348_623_727,
        1_525_987_562,
        1_649_263_783,
        2_084_962_090,
        2_142_127_384,
    ],
};

impl Protocol for QJournalProtocol {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move { self.dispatch(&call.method, call.caller.address, call.request).await }.boxed()
    }
}

impl QJournalProtocol {
    /// Serves the journals of a node.
    pub fn new(node: Arc<JournalNode>, http: HttpAddress) -> Self {
        Self { node, http }
    }

    async fn dispatch(
        &self,
        method: &str,
        by: SocketAddr,
        request: Bytes,
    ) -> Result<Bytes, CallError> {
        match method {
            "journal" => encode(self.journal(by, decode_request(request)?).await),
            "heartbeat" => encode(self.heartbeat(by, decode_request(request)?).await),
            "startLogSegment" => encode(self.start_log_segment(by, decode_request(request)?).await),
            "finalizeLogSegment" => {
                encode(self.finalize_log_segment(by, decode_request(request)?).await)
            }
            "purgeLogs" => encode(self.purge_logs(by, decode_request(request)?).await),
            "newEpoch" => encode(self.new_epoch(by, decode_request(request)?).await),
            "prepareRecovery" => encode(self.prepare_recovery(by, decode_request(request)?).await),
            "acceptRecovery" => encode(self.accept_recovery(by, decode_request(request)?).await),
            "getEditLogManifest" => {
                encode(manifest(&self.node, &self.http, decode_request(request)?).await)
            }
            "getJournaledEdits" => encode(self.get_journaled_edits(decode_request(request)?).await),
            "getJournalState" => encode(self.get_journal_state(decode_request(request)?).await),
            "getJournalCTime" => encode(self.get_journal_c_time(decode_request(request)?).await),
            "isFormatted" => encode(self.is_formatted(decode_request(request)?).await),
            "format" => encode(self.format(by, decode_request(request)?).await),
            "discardSegments" => encode(self.discard_segments(by, decode_request(request)?).await),
            "doPreUpgrade" => encode(self.do_pre_upgrade(by, decode_request(request)?).await),
            "doUpgrade" => encode(self.do_upgrade(by, decode_request(request)?).await),
            "doFinalize" => encode(self.do_finalize(by, decode_request(request)?).await),
            "canRollBack" => encode(self.can_roll_back(decode_request(request)?).await),
            "doRollback" => encode(self.do_rollback(by, decode_request(request)?).await),
            _ => Err(CallError::NoSuchMethod),
        }
    }

    async fn journal(
        &self,
        by: SocketAddr,
        request: JournalRequestProto,
    ) -> Result<JournalResponseProto, CallError> {
        let batch = engine::Journal {
            info: convert::request_info(&request.req_info),
            segment: convert::txid(request.segment_txn_id),
            first: convert::txid(request.first_txn_id),
            count: request.num_txns,
            records: request.records,
        };
        self.write(by, &request.req_info, |state, _| engine::journal(state, &batch)).await?;
        Ok(JournalResponseProto {})
    }

    async fn heartbeat(
        &self,
        by: SocketAddr,
        request: HeartbeatRequestProto,
    ) -> Result<HeartbeatResponseProto, CallError> {
        let info = convert::request_info(&request.req_info);
        let journal = self.of_writer(&request.req_info).await?;
        change(&journal, by, |state, _| engine::heartbeat(state, &info)).await?;
        journal.heard_writer();
        Ok(HeartbeatResponseProto {})
    }

    async fn start_log_segment(
        &self,
        by: SocketAddr,
        request: StartLogSegmentRequestProto,
    ) -> Result<StartLogSegmentResponseProto, CallError> {
        let start = engine::StartLogSegment {
            info: convert::request_info(&request.req_info),
            txid: convert::txid(request.txid),
            layout_version: request.layout_version.map_or(LayoutVersion::CURRENT, LayoutVersion),
        };
        self.write(by, &request.req_info, |state, facts| {
            engine::start_log_segment(state, facts, &start)
        })
        .await?;
        Ok(StartLogSegmentResponseProto {})
    }

    async fn finalize_log_segment(
        &self,
        by: SocketAddr,
        request: FinalizeLogSegmentRequestProto,
    ) -> Result<FinalizeLogSegmentResponseProto, CallError> {
        let finalize = engine::FinalizeLogSegment {
            info: convert::request_info(&request.req_info),
            start: convert::txid(request.start_tx_id),
            end: convert::txid(request.end_tx_id),
        };
        self.write(by, &request.req_info, |state, facts| {
            engine::finalize_log_segment(state, facts, &finalize)
        })
        .await?;
        Ok(FinalizeLogSegmentResponseProto {})
    }

    async fn purge_logs(
        &self,
        by: SocketAddr,
        request: PurgeLogsRequestProto,
    ) -> Result<PurgeLogsResponseProto, CallError> {
        let purge = engine::PurgeLogs {
            info: convert::request_info(&request.req_info),
            min_to_keep: convert::txid(request.min_tx_id_to_keep),
        };
        self.write(by, &request.req_info, |state, _| engine::purge_logs(state, &purge)).await?;
        Ok(PurgeLogsResponseProto {})
    }

    async fn new_epoch(
        &self,
        by: SocketAddr,
        request: NewEpochRequestProto,
    ) -> Result<NewEpochResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let proposal = engine::NewEpoch {
            namespace: convert::storage_info(&request.ns_info.storage_info),
            epoch: convert::epoch(request.epoch),
        };
        let last_segment =
            change(&journal, by, |state, facts| engine::new_epoch(state, facts, &proposal)).await?;
        Ok(NewEpochResponseProto { last_segment_tx_id: last_segment.map(|txid| txid.0 as u64) })
    }

    async fn prepare_recovery(
        &self,
        by: SocketAddr,
        request: PrepareRecoveryRequestProto,
    ) -> Result<PrepareRecoveryResponseProto, CallError> {
        let prepare = engine::PrepareRecovery {
            info: convert::request_info(&request.req_info),
            segment: convert::txid(request.segment_tx_id),
        };
        let prepared = self
            .write(by, &request.req_info, |state, facts| {
                engine::prepare_recovery(state, facts, &prepare)
            })
            .await?;
        Ok(responses::prepared(&prepared))
    }

    async fn accept_recovery(
        &self,
        by: SocketAddr,
        request: AcceptRecoveryRequestProto,
    ) -> Result<AcceptRecoveryResponseProto, CallError> {
        let url = request.from_url;
        Url::parse(&url).map_err(|error| failure::malformed_url(&url, error))?;
        let accept = engine::AcceptRecovery {
            info: convert::request_info(&request.req_info),
            segment: convert::segment_state(&request.state_to_accept),
            url,
        };
        self.write(by, &request.req_info, |state, facts| {
            engine::accept_recovery(state, facts, &accept)
        })
        .await?;
        Ok(AcceptRecoveryResponseProto {})
    }

    async fn get_journaled_edits(
        &self,
        request: GetJournaledEditsRequestProto,
    ) -> Result<GetJournaledEditsResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let since = convert::txid(request.since_tx_id);
        let edits = journal.edits_from(since, request.max_txns).await;
        let edits = edits.map_err(|error| failure::of_journal(journal.id(), &error))?;
        let edit_log = (edits.count > 0).then_some(edits.edit_log);
        Ok(GetJournaledEditsResponseProto { txn_count: edits.count, edit_log })
    }

    async fn get_journal_state(
        &self,
        request: GetJournalStateRequestProto,
    ) -> Result<GetJournalStateResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let promised = read(&journal, |state, _| engine::journal_state(state)).await?;
        Ok(GetJournalStateResponseProto {
            last_promised_epoch: promised.0 as u64,
            http_port: u32::from(self.http.port),
            from_url: Some(self.http.url.clone()),
        })
    }

    async fn get_journal_c_time(
        &self,
        request: GetJournalCTimeRequestProto,
    ) -> Result<GetJournalCTimeResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let result_c_time = read(&journal, engine::journal_c_time).await?;
        Ok(GetJournalCTimeResponseProto { result_c_time })
    }

    async fn is_formatted(
        &self,
        request: IsFormattedRequestProto,
    ) -> Result<IsFormattedResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        Ok(IsFormattedResponseProto { is_formatted: journal.status().is_formatted() })
    }

    async fn format(
        &self,
        by: SocketAddr,
        request: FormatRequestProto,
    ) -> Result<FormatResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let format = engine::Format {
            namespace: convert::storage_info(&request.ns_info.storage_info),
            force: request.force.unwrap_or(false),
        };
        change(&journal, by, |state, _| engine::format(state, &format)).await?;
        Ok(FormatResponseProto {})
    }

    async fn discard_segments(
        &self,
        by: SocketAddr,
        request: DiscardSegmentsRequestProto,
    ) -> Result<DiscardSegmentsResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let from = convert::txid(request.start_tx_id);
        change(&journal, by, |state, _| engine::discard_segments(state, from)).await?;
        Ok(DiscardSegmentsResponseProto {})
    }

    async fn do_pre_upgrade(
        &self,
        by: SocketAddr,
        request: DoPreUpgradeRequestProto,
    ) -> Result<DoPreUpgradeResponseProto, CallError> {
        let journal = self.find(&request.jid, None).await?;
        change(&journal, by, |state, _| engine::pre_upgrade(state)).await?;
        Ok(DoPreUpgradeResponseProto {})
    }

    async fn do_upgrade(
        &self,
        by: SocketAddr,
        request: DoUpgradeRequestProto,
    ) -> Result<DoUpgradeResponseProto, CallError> {
        let journal = self.find(&request.jid, None).await?;
        let to = convert::storage_info(&request.s_info);
        change(&journal, by, |state, _| engine::upgrade(state, &to)).await?;
        Ok(DoUpgradeResponseProto {})
    }

    async fn do_finalize(
        &self,
        by: SocketAddr,
        request: DoFinalizeRequestProto,
    ) -> Result<DoFinalizeResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        change(&journal, by, |state, _| engine::finalize_upgrade(state)).await?;
        Ok(DoFinalizeResponseProto {})
    }

    async fn can_roll_back(
        &self,
        request: CanRollBackRequestProto,
    ) -> Result<CanRollBackResponseProto, CallError> {
        let journal = self.find(&request.jid, request.name_service_id.as_deref()).await?;
        let question = engine::CanRollBack {
            storage: convert::storage_info(&request.storage),
            previous: convert::storage_info(&request.prev_storage),
            target: LayoutVersion(request.target_layout_version),
        };
        let can_roll_back =
            read(&journal, |state, facts| engine::can_roll_back(state, facts, &question)).await?;
        Ok(CanRollBackResponseProto { can_roll_back })
    }

    async fn do_rollback(
        &self,
        by: SocketAddr,
        request: DoRollbackRequestProto,
    ) -> Result<DoRollbackResponseProto, CallError> {
        let journal = self.find(&request.jid, request.nameservice_id.as_deref()).await?;
        change(&journal, by, engine::rollback).await?;
        Ok(DoRollbackResponseProto {})
    }

    async fn find(
        &self,
        id: &JournalIdProto,
        nameservice: Option<&str>,
    ) -> Result<Arc<Journal>, CallError> {
        self.node.journal(&id.identifier, nameservice).await.map_err(failure::of_node)
    }

    /// A request of a writer: names its journal in the request info.
    async fn write<R>(
        &self,
        by: SocketAddr,
        info: &RequestInfoProto,
        decide: impl Fn(&State, &Facts) -> Decision<R>,
    ) -> Result<R, CallError> {
        let journal = self.of_writer(info).await?;
        change(&journal, by, decide).await
    }

    async fn of_writer(&self, info: &RequestInfoProto) -> Result<Arc<Journal>, CallError> {
        self.find(&info.journal_id, info.name_service_id.as_deref()).await
    }
}

async fn change<R>(
    journal: &Journal,
    by: SocketAddr,
    decide: impl Fn(&State, &Facts) -> Decision<R>,
) -> Result<R, CallError> {
    journal
        .change_for(Some(by), decide)
        .await
        .inspect_err(|failure| journal.refused_writer(failure))
        .map_err(|failure| failure::of_journal(journal.id(), &failure))
}

async fn read<R>(
    journal: &Journal,
    decide: impl Fn(&State, &Facts) -> Decision<R>,
) -> Result<R, CallError> {
    journal.read(decide).await.map_err(|error| failure::of_journal(journal.id(), &error))
}

fn encode(answer: Result<impl Message, CallError>) -> Result<Bytes, CallError> {
    answer.map(|message| message.encode_to_vec().into())
}
