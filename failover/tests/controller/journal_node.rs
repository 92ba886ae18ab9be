//! A JournalNode that promises epochs and knows nothing else.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::call::class_name;
use hadoop_ipc::server::{
    Call, CallError, Protocol, ProtocolDescriptor, RpcException, Server, ServerOptions,
};
use hadoop_proto::qjournal::{
    GetJournalStateResponseProto, NewEpochRequestProto, NewEpochResponseProto,
};
use hadoop_proto::{Message, decode};
use tokio::task::JoinHandle;

use super::namenode::CLUSTER_ID;

static DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB",
    method_hashes: &[],
};

/// The last epoch promised, and one that another writer gets in before the next `newEpoch`.
struct Journal(Mutex<(u64, Option<u64>)>);

/// The JournalNode and its process.
pub struct FakeJournalNode {
    pub address: SocketAddr,
    journal: Arc<Journal>,
    task: JoinHandle<()>,
}

impl FakeJournalNode {
    pub async fn promised(epoch: u64) -> Self {
        let journal = Arc::new(Journal(Mutex::new((epoch, None))));
        let protocols: Vec<Arc<dyn Protocol>> = vec![journal.clone()];
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(loopback, ServerOptions::default(), protocols).await.unwrap();
        let address = server.local_addr();
        let task = tokio::spawn(server.serve(std::future::pending()));
        Self { address, journal, task }
    }

    pub fn epoch(&self) -> u64 {
        self.journal.0.lock().unwrap().0
    }

    /// Another writer is faster once.
    pub fn expect_rival(&self, epoch: u64) {
        self.journal.0.lock().unwrap().1 = Some(epoch);
    }

    pub fn kill(&self) {
        self.task.abort();
    }
}

impl Drop for FakeJournalNode {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Journal {
    fn new_epoch(&self, request: &NewEpochRequestProto) -> Result<Bytes, CallError> {
        let mut journal = self.0.lock().unwrap();
        if let Some(rival) = journal.1.take() {
            journal.0 = rival;
        }
        assert_eq!(request.ns_info.storage_info.cluster_id, CLUSTER_ID);
        assert_eq!(request.jid.identifier, "journal1");
        if request.epoch <= journal.0 {
            let text = format!("Proposed epoch {} <= last promise {}", request.epoch, journal.0);
            return Err(RpcException::new(class_name::IO, text).into());
        }
        journal.0 = request.epoch;
        Ok(NewEpochResponseProto { last_segment_tx_id: None }.encode_to_vec().into())
    }
}

impl Protocol for Journal {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move {
            match call.method.as_str() {
                "getJournalState" => Ok(GetJournalStateResponseProto {
                    last_promised_epoch: self.0.lock().unwrap().0,
                    http_port: 0,
                    from_url: None,
                }
                .encode_to_vec()
                .into()),
                "newEpoch" => self.new_epoch(&decode(call.request).unwrap()),
                other => panic!("{other} is not asked for"),
            }
        }
        .boxed()
    }
}
