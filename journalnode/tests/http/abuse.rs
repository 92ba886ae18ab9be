use std::time::Duration;

use journalnode::http::HttpOptions;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{get, request_with, send};
use crate::daemon::Daemon;

const ROUNDS: usize = 200;
/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn random_bytes_do_not_stop_the_server() {
    let daemon = Daemon::start().await;
    let mut runner = TestRunner::deterministic();
    let request = "(GET|POST|\\PC{1,3}) /(jmx|getJournal|conf|logLevel|\\PC{0,9})\\?\\PC{0,40} HTTP/1.1\r\n\r\n";
    let strategy = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        request.prop_map(String::into_bytes),
    ];
    for _ in 0..ROUNDS {
        let bytes = strategy.new_tree(&mut runner).unwrap().current();
        let mut stream = TcpStream::connect(daemon.address).await.unwrap();
        let _ = stream.write_all(&bytes).await;
        let _ = stream.shutdown().await;
        let _ = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await.expect("no answer");
    }
    assert_eq!(get(daemon.address, "/live").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_long_is_refused() {
    let daemon = Daemon::start().await;
    let header = format!("X-Long: {}\r\n", "x".repeat(70 << 10));
    let mut stream = send(daemon.address, "GET", "/live", &header).await;
    let mut answer = Vec::new();
    // The server may close before it has read everything: a reset is a refusal too.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"));
    let long = format!("X-Long: {}\r\n", "x".repeat(60 << 10));
    assert_eq!(request_with(daemon.address, "GET", "/live", &long).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_too_little_is_cut_off() {
    let options = HttpOptions { idle_timeout: Duration::from_millis(50), ..HttpOptions::default() };
    let daemon = Daemon::start_with(options, &[]).await;
    for beginning in [&b""[..], b"GET /live HTTP/1.1\r\nHost:"] {
        let mut stream = TcpStream::connect(daemon.address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        let end = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
        assert!(end.is_ok(), "the connection stayed open");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_above_the_limit_wait_for_their_turn() {
    let options = HttpOptions {
        max_connections: 1,
        idle_timeout: Duration::from_millis(50),
        ..HttpOptions::default()
    };
    let daemon = Daemon::start_with(options, &[]).await;
    let _silent = TcpStream::connect(daemon.address).await.unwrap();
    let answer = timeout(PATIENCE, get(daemon.address, "/live")).await;
    assert_eq!(answer.expect("never served").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_does_not_wait_for_silent_clients() {
    let mut daemon = Daemon::start().await;
    let mut silent = TcpStream::connect(daemon.address).await.unwrap();
    assert_eq!(get(daemon.address, "/live").await.status, 200);
    timeout(PATIENCE, daemon.stop()).await.expect("still running");
    let _ = silent.read_to_end(&mut Vec::new()).await;
    assert!(TcpStream::connect(daemon.address).await.is_err());
}
