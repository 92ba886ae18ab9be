//! Stopping a server for another process to go on.

use std::time::Duration;

use hadoop_ipc::server::{HaltError, ServerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    server::{start, start_resuming},
    wire::*,
};

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_call_in_flight_is_answered_before_its_connection_changes_hands() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "slow", b"x")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
    let passage = server.passage.clone();
    let halting = tokio::spawn(async move { passage.halt(LONG).await });
    server.stub.gate.add_permits(1);
    assert_eq!(read_frame(&mut stream).await.unwrap(), success((0, CLIENT_ID, 0), b"x"));
    let connections = halting.await.unwrap().unwrap();
    assert_eq!(connections.len(), 1);
    assert!(connections[0].carried.greeted && connections[0].carried.caller.is_some());
}

#[tokio::test]
async fn a_call_that_does_not_end_keeps_the_server() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "slow", b"x")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
    let halted = server.passage.halt(Duration::from_millis(20)).await;
    assert!(matches!(halted, Err(HaltError::Busy)));
    // It reads and accepts as before.
    stream.write_all(&call(1, "empty", b"")).await.unwrap();
    assert_eq!(read_frame(&mut stream).await.unwrap(), success((1, CLIENT_ID, 0), b""));
    server.open().await.write_all(&call(0, "slow", b"y")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
}

#[tokio::test]
async fn who_parked_for_an_earlier_halt_is_not_there_for_the_next_one() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    for round in 0..20 {
        stream.write_all(&call(round, "empty", b"")).await.unwrap();
        read_frame(&mut stream).await.unwrap();
        let connections = server.passage.halt(LONG).await.unwrap();
        assert_eq!(connections.len(), 1);
        server.passage.resume();
        // Without a pause, so that sessions are late for either.
        assert_eq!(server.passage.halt(LONG).await.unwrap().len(), 1);
        server.passage.resume();
    }
}

#[tokio::test]
async fn what_is_sent_meanwhile_waits_for_whoever_goes_on() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "empty", b"")).await.unwrap();
    read_frame(&mut stream).await.unwrap();
    let connections = server.passage.halt(LONG).await.unwrap();
    stream.write_all(&call(1, "empty", b"")).await.unwrap();
    server.passage.leave();
    server.task.await.unwrap();
    // The socket lives on, with what was sent.
    let [passed] = <[_; 1]>::try_from(connections).ok().unwrap();
    let next = start_resuming(passed).await;
    assert_eq!(read_frame(&mut stream).await.unwrap(), success((1, CLIENT_ID, 0), b""));
    assert_eq!(next.stub.calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn who_does_not_read_its_replies_is_closed_and_keeps_nobody_waiting() {
    let server = start(ServerOptions::default()).await;
    let mut lazy = server.open().await;
    for id in 0..8 {
        lazy.write_all(&call(id, "big", b"")).await.unwrap();
    }
    let mut stream = server.open().await;
    stream.write_all(&call(0, "empty", b"")).await.unwrap();
    read_frame(&mut stream).await.unwrap();
    let connections = server.passage.halt(Duration::from_secs(1)).await.unwrap();
    assert_eq!(connections.len(), 1);
    let mut rest = Vec::new();
    let _ = lazy.read_to_end(&mut rest).await;
    assert!(rest.len() < 8 * (4 << 20), "it was not closed");
}
