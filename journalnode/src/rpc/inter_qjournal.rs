use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::server::{Call, CallError, Protocol, ProtocolDescriptor, decode_request};
use hadoop_proto::Message;
use hadoop_proto::hdfs::StorageInfoProto;
use hadoop_proto::qjournal::{
    GetEditLogManifestRequestProto, GetEditLogManifestResponseProto, GetStorageInfoRequestProto,
};

use super::{HttpAddress, convert, failure, responses};
use crate::engine;
use crate::node::JournalNode;

/// `InterQJournalProtocol`: what one JournalNode asks of another.
#[derive(Debug)]
pub struct InterQJournalProtocol {
    node: Arc<JournalNode>,
    http: HttpAddress,
}

const DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.hdfs.qjournal.protocolPB.InterQJournalProtocolPB",
    method_hashes: &[688_894_652],
};

impl Protocol for InterQJournalProtocol {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move {
            let request = call.request;
            match call.method.as_str() {
                "getEditLogManifestFromJournal" => {
                    let answer = manifest(&self.node, &self.http, decode_request(request)?).await?;
                    Ok(answer.encode_to_vec().into())
                }
                "getStorageInfo" => {
                    let answer = self.storage_info(decode_request(request)?).await?;
                    Ok(answer.encode_to_vec().into())
                }
                _ => Err(CallError::NoSuchMethod),
            }
        }
        .boxed()
    }
}

impl InterQJournalProtocol {
    /// Serves the journals of a node.
    pub fn new(node: Arc<JournalNode>, http: HttpAddress) -> Self {
        Self { node, http }
    }

    /// Hadoop 3.5.0 asks for it; works on a journal that is not formatted.
    async fn storage_info(
        &self,
        request: GetStorageInfoRequestProto,
    ) -> Result<StorageInfoProto, CallError> {
        let nameservice = request.name_service_id.as_deref();
        let journal = self.node.journal(&request.jid.identifier, nameservice).await;
        let status = journal.map_err(failure::of_node)?.status();
        Ok(responses::storage_info(status.info.as_ref()))
    }
}

/// `getEditLogManifest`, the same for NameNodes and JournalNodes.
pub(super) async fn manifest(
    node: &JournalNode,
    http: &HttpAddress,
    request: GetEditLogManifestRequestProto,
) -> Result<GetEditLogManifestResponseProto, CallError> {
    let nameservice = request.name_service_id.as_deref();
    let journal = node.journal(&request.jid.identifier, nameservice).await;
    let journal = journal.map_err(failure::of_node)?;
    let since = convert::txid(request.since_tx_id);
    let in_progress_ok = request.in_progress_ok.unwrap_or(false);
    let manifest = journal
        .read(|state, facts| engine::manifest(state, facts, since, in_progress_ok))
        .await
        .map_err(|error| failure::of_journal(journal.id(), &error))?;
    Ok(responses::manifest(&manifest, http))
}
