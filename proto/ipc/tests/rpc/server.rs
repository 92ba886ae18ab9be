//! A real server on a loopback port.

use std::{net::SocketAddr, sync::Arc};

use hadoop_ipc::server::{Passage, PassedConnection, Protocol, RpcMetrics, Server, ServerOptions};
use tokio::{net::TcpStream, sync::oneshot, task::JoinHandle};

use super::{
    stub::Stub,
    wire::{NONE, PATIENCE, context},
};

pub struct TestServer {
    pub address: SocketAddr,
    pub metrics: Arc<RpcMetrics>,
    pub stub: Arc<Stub>,
    pub passage: Passage,
    pub stop: oneshot::Sender<()>,
    pub task: JoinHandle<()>,
}

pub async fn start(options: ServerOptions) -> TestServer {
    let stub = Stub::new();
    start_with(options, stub.clone(), stub).await
}

/// A server that goes on with a connection of another one.
pub async fn start_resuming(passed: PassedConnection) -> TestServer {
    let stub = Stub::new();
    let server = bind(ServerOptions::default(), stub.clone()).await;
    server.resume_connection(passed).unwrap();
    serve(server, stub)
}

pub async fn start_with(
    options: ServerOptions,
    protocol: Arc<dyn Protocol>,
    stub: Arc<Stub>,
) -> TestServer {
    serve(bind(options, protocol).await, stub)
}

async fn bind(options: ServerOptions, protocol: Arc<dyn Protocol>) -> Server {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    Server::bind(loopback, options, vec![protocol]).await.unwrap()
}

fn serve(server: Server, stub: Arc<Stub>) -> TestServer {
    let (address, metrics) = (server.local_addr(), server.metrics());
    let passage = server.passage();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.serve(async {
        let _ = stopped.await;
    }));
    TestServer { address, metrics, stub, passage, stop, task }
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
