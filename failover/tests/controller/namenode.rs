//! A NameNode whose state changes as it is told, unless the test wants otherwise.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::call::class_name;
use hadoop_ipc::server::{
    Call, CallError, Protocol, ProtocolDescriptor, RpcException, Server, ServerOptions,
};
use hadoop_proto::Message;
use hadoop_proto::common::{GetServiceStatusResponseProto, HaServiceStateProto};
use hadoop_proto::hdfs::{NamespaceInfoProto, StorageInfoProto, VersionResponseProto};
use tokio::task::JoinHandle;

static DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.ha.HAServiceProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
    method_hashes: &[],
};

static NAMESPACE_DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.hdfs.server.protocol.NamenodeProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.hdfs.protocolPB.NamenodeProtocolPB",
    method_hashes: &[],
};

/// The namespace of every NameNode here.
pub const CLUSTER_ID: &str = "CID-1";

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it is told.
    Well,
    /// `monitorHealth` says it is not well.
    Ill,
    /// Still loading.
    Starting,
    /// Transitions to active fail.
    Stubborn,
    /// Never answers.
    Hung,
}

struct Inner {
    state: HaServiceStateProto,
    mood: Mood,
    told: Vec<String>,
}

/// What it is and was told.
struct Shared(Mutex<Inner>);

/// The NameNode and its process.
pub struct FakeNameNode {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl FakeNameNode {
    pub async fn standby() -> Self {
        Self::start(HaServiceStateProto::Standby).await
    }

    pub async fn active() -> Self {
        Self::start(HaServiceStateProto::Active).await
    }

    async fn start(state: HaServiceStateProto) -> Self {
        let inner = Inner { state, mood: Mood::Well, told: Vec::new() };
        let shared = Arc::new(Shared(Mutex::new(inner)));
        let protocols: Vec<Arc<dyn Protocol>> = vec![shared.clone(), Arc::new(Namespace)];
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(loopback, ServerOptions::default(), protocols).await.unwrap();
        let address = server.local_addr();
        let task = tokio::spawn(server.serve(std::future::pending()));
        Self { address, shared, task }
    }

    pub fn set_mood(&self, mood: Mood) {
        self.shared.0.lock().unwrap().mood = mood;
    }

    /// Somebody else has told it to be standby.
    pub fn fence(&self) {
        self.shared.0.lock().unwrap().state = HaServiceStateProto::Standby;
    }

    /// Somebody has told it to be an observer.
    pub fn observe(&self) {
        self.shared.0.lock().unwrap().state = HaServiceStateProto::Observer;
    }

    pub fn is_active(&self) -> bool {
        self.shared.0.lock().unwrap().state == HaServiceStateProto::Active
    }

    /// The transitions so far.
    pub fn told(&self) -> Vec<String> {
        self.shared.0.lock().unwrap().told.clone()
    }

    /// Its process ends: the system closes its sockets.
    pub fn kill(&self) {
        self.task.abort();
    }
}

impl Drop for FakeNameNode {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn answer(&self, method: &str) -> Result<Bytes, CallError> {
        let mut inner = self.0.lock().unwrap();
        let thrown = |class, text: &str| Err(RpcException::new(class, text).into());
        if method.starts_with("transition") {
            inner.told.push(method.to_owned());
        }
        match (inner.mood, method) {
            (Mood::Starting, _) => thrown(class_name::RETRIABLE, "still not started"),
            (Mood::Ill, "monitorHealth") => thrown(class_name::HEALTH_CHECK_FAILED, "no disk"),
            (Mood::Stubborn, "transitionToActive") => {
                thrown(class_name::SERVICE_FAILED, "no quorum")
            }
            (_, "transitionToActive") => {
                inner.state = HaServiceStateProto::Active;
                Ok(Bytes::new())
            }
            (_, "transitionToStandby") => {
                inner.state = HaServiceStateProto::Standby;
                Ok(Bytes::new())
            }
            (_, "getServiceStatus") => Ok(GetServiceStatusResponseProto {
                state: inner.state as i32,
                ready_to_become_active: Some(true),
                not_ready_reason: None,
            }
            .encode_to_vec()
            .into()),
            _ => Ok(Bytes::new()),
        }
    }
}

impl Protocol for Shared {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move {
            let hangs = self.0.lock().unwrap().mood == Mood::Hung;
            if hangs {
                std::future::pending::<()>().await;
            }
            self.answer(&call.method)
        }
        .boxed()
    }
}

/// Whose NameNode it is, in whatever mood.
struct Namespace;

impl Protocol for Namespace {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &NAMESPACE_DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        assert_eq!(call.method, "versionRequest");
        let storage_info = StorageInfoProto {
            layout_version: 1,
            namespce_id: 1,
            cluster_id: CLUSTER_ID.to_owned(),
            c_time: 0,
        };
        let info = NamespaceInfoProto { storage_info, ..NamespaceInfoProto::default() };
        async move { Ok(VersionResponseProto { info }.encode_to_vec().into()) }.boxed()
    }
}
