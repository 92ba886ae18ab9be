//! The hook for service-level authorization, over real sockets.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use hadoop_ipc::server::{Authorize, Server, ServerOptions};
use tokio::io::AsyncWriteExt;

use super::{
    server::start,
    stub::{NAME, Stub},
    wire::*,
};

const AUTHORIZATION: &str = "org.apache.hadoop.security.authorize.AuthorizationException";

/// Lets only `hdfs` in, and only for the stub's protocol; blocks like a DNS lookup would.
struct OnlyHdfs;

impl Authorize for OnlyHdfs {
    fn authorize(
        &self,
        user: Option<&str>,
        protocol: Option<&str>,
        peer: IpAddr,
    ) -> Result<(), String> {
        assert!(peer.is_loopback());
        match (user, protocol) {
            (Some("hdfs"), Some(NAME)) => Ok(()),
            (user, None) => Err(format!("Null protocol not authorized for {user:?}")),
            (user, Some(protocol)) => Err(format!("{user:?} may not speak {protocol}")),
        }
    }
}

fn options() -> ServerOptions {
    ServerOptions { authorize: Some(Arc::new(OnlyHdfs)), ..Default::default() }
}

#[tokio::test]
async fn the_verdict_is_asked_once_per_connection() {
    // JN-035 to JN-037: the reply; who is refused is the policy's business.
    let server = start(options()).await;
    let mut stream = server.open().await;
    for id in 0..3 {
        stream.write_all(&call(id, "echo", b"x")).await.unwrap();
        assert_eq!(read_frame(&mut stream).await.unwrap(), success((id, CLIENT_ID, 0), b"x"));
    }
    let mut eve = server.connect().await;
    let input = [NONE.to_vec(), context(Some("eve")), call(0, "echo", b"x")].concat();
    let refused = "Some(\"eve\") may not speak org.example.Stub";
    let expected = fatal((-3, b"", -1), (15, AUTHORIZATION, refused));
    assert_eq!(exchange(&mut eve, &input).await, expected);

    let mut nameless = server.connect().await;
    let input = [NONE.to_vec(), packet(&header(-3, CLIENT_ID, -1), b"")].concat();
    let refused = "Null protocol not authorized for None";
    let expected = fatal((-3, b"", -1), (15, AUTHORIZATION, refused));
    assert_eq!(exchange(&mut nameless, &input).await, expected);

    let snapshot = server.metrics.snapshot();
    assert_eq!((snapshot.authorization_successes, snapshot.authorization_failures), (1, 2));
    assert_eq!(server.stub.calls.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_protocol_given_twice_is_an_error() {
    // JN-040
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let stub = Stub::new();
    let twice = Server::bind(address, ServerOptions::default(), vec![stub.clone(), stub]).await;
    assert_eq!(twice.err().unwrap().kind(), std::io::ErrorKind::InvalidInput);
}
