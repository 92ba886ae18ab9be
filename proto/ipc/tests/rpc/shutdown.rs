//! Stopping a server.

use std::time::Duration;

use hadoop_ipc::server::ServerOptions;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{server::start, wire::*};

#[tokio::test]
async fn calls_in_flight_are_answered_before_the_end() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    let mut idle = server.open().await;
    stream.write_all(&call(0, "slow", b"x")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
    server.stop.send(()).unwrap();
    // Idle connections end at once, and nobody new is let in.
    assert_eq!(idle.read(&mut [0]).await.unwrap_or(0), 0);
    assert!(TcpStream::connect(server.address).await.is_err());
    server.stub.gate.add_permits(1);
    assert_eq!(read_frame(&mut stream).await.unwrap(), success((0, CLIENT_ID, 0), b"x"));
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_call_that_does_not_end_is_left_behind() {
    let shutdown_grace = Duration::from_millis(20);
    let server = start(ServerOptions { shutdown_grace, ..Default::default() }).await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "slow", b"x")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
    server.stop.send(()).unwrap();
    server.task.await.unwrap();
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn dropping_the_server_closes_its_connections() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "empty", b"")).await.unwrap();
    read_frame(&mut stream).await.unwrap();
    server.task.abort();
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
}
