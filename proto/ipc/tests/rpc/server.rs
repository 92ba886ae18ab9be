//! A real server on a loopback port.

use std::{net::SocketAddr, sync::Arc};

use hadoop_ipc::server::{Protocol, RpcMetrics, Server, ServerOptions};
use tokio::{net::TcpStream, sync::oneshot, task::JoinHandle};

use super::{
    stub::Stub,
    wire::{NONE, PATIENCE, context},
};

pub struct TestServer {
    pub address: SocketAddr,
    pub metrics: Arc<RpcMetrics>,
    pub stub: Arc<Stub>,
    pub stop: oneshot::Sender<()>,
    pub task: JoinHandle<()>,
}

pub async fn start(options: ServerOptions) -> TestServer {
    let stub = Stub::new();
    start_with(options, stub.clone(), stub).await
}

pub async fn start_with(
    options: ServerOptions,
    protocol: Arc<dyn Protocol>,
    stub: Arc<Stub>,
) -> TestServer {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(loopback, options, vec![protocol]).await.unwrap();
    let (address, metrics) = (server.local_addr(), server.metrics());
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.serve(async {
        let _ = stopped.await;
    }));
    TestServer { address, metrics, stub, stop, task }
}

impl TestServer {
    /// A connection nothing was sent on yet.
    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection ready for calls.
    pub async fn open(&self) -> TcpStream {
        let mut stream = self.connect().await;
        let opening = [NONE.to_vec(), context(Some("hdfs"))].concat();
        tokio::io::AsyncWriteExt::write_all(&mut stream, &opening).await.unwrap();
        stream
    }

    /// Waits until a metric says so.
    pub async fn wait_until(&self, reached: impl Fn(&RpcMetrics) -> bool) {
        let poll = async {
            while !reached(&self.metrics) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, poll).await.expect("never reached");
    }
}
