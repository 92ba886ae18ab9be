//! A NameNode that answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use failover::namenode::{CallOptions, NameNode};
use failover::types::NameNodeId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hadoop_ipc::client::Target;
use hadoop_ipc::server::{
    Call, CallError, Protocol, ProtocolDescriptor, RpcException, RpcMetrics, Server, ServerOptions,
};
use hadoop_proto::Message;
use hadoop_proto::common::{GetServiceStatusResponseProto, HaServiceStateProto};
use tokio::task::JoinHandle;

static DESCRIPTOR: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.ha.HAServiceProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
    method_hashes: &[],
};

/// How it answers.
#[derive(Clone)]
pub enum Answer {
    /// Standby and well.
    Well,
    /// Every method but `getServiceStatus` throws.
    Ill(&'static str, &'static str),
    /// Every method throws.
    Throw(&'static str, &'static str),
    /// Never.
    Hang,
}

#[derive(Default)]
struct Script {
    answer: Mutex<Option<Answer>>,
    calls: Mutex<Vec<(String, Bytes)>>,
}

/// The NameNode and its process.
pub struct Scripted {
    pub address: SocketAddr,
    pub metrics: Arc<RpcMetrics>,
    script: Arc<Script>,
    task: JoinHandle<()>,
}

impl Scripted {
    pub async fn start(answer: Answer) -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), answer).await
    }

    pub async fn start_at(address: SocketAddr, answer: Answer) -> Self {
        let script = Arc::new(Script::default());
        *script.answer.lock().unwrap() = Some(answer);
        let protocols: Vec<Arc<dyn Protocol>> = vec![script.clone()];
        let server = Server::bind(address, ServerOptions::default(), protocols).await.unwrap();
        let (address, metrics) = (server.local_addr(), server.metrics());
        let task = tokio::spawn(server.serve(std::future::pending()));
        Self { address, metrics, script, task }
    }

    pub fn answer(&self, answer: Answer) {
        *self.script.answer.lock().unwrap() = Some(answer);
    }

    /// Methods and requests so far.
    pub fn calls(&self) -> Vec<(String, Bytes)> {
        self.script.calls.lock().unwrap().clone()
    }

    /// Its process ends: the system closes its sockets.
    pub async fn kill(self) -> SocketAddr {
        self.task.abort();
        let _ = self.task.await;
        self.address
    }
}

/// nn1 at that address, without retries.
pub fn name_node(address: SocketAddr) -> NameNode {
    let options = CallOptions::new(Some("hdfs".to_owned())).without_retries();
    NameNode::new(NameNodeId::new("ns1", "nn1"), target(address), &options)
}

pub fn target(address: SocketAddr) -> Target {
    Target::new(address.ip().to_string(), address.port())
}

impl Protocol for Script {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &DESCRIPTOR
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move {
            self.calls.lock().unwrap().push((call.method.clone(), call.request.clone()));
            let answer = self.answer.lock().unwrap().clone().unwrap();
            let asks_status = call.method == "getServiceStatus";
            match answer {
                Answer::Hang => std::future::pending().await,
                Answer::Throw(class, text) => Err(RpcException::new(class, text).into()),
                Answer::Ill(class, text) if !asks_status => {
                    Err(RpcException::new(class, text).into())
                }
                Answer::Ill(..) | Answer::Well if asks_status => Ok(standby()),
                _ => Ok(Bytes::new()),
            }
        }
        .boxed()
    }
}

fn standby() -> Bytes {
    let status = GetServiceStatusResponseProto {
        state: HaServiceStateProto::Standby as i32,
        ready_to_become_active: Some(false),
        not_ready_reason: Some("in safemode".to_owned()),
    };
    status.encode_to_vec().into()
}
