//! Limits: what happens when a client asks for too much.

use std::time::Duration;

use hadoop_ipc::server::{IdleRules, ServerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{server::start, wire::*};

#[tokio::test]
async fn a_client_that_reads_no_replies_starves_nobody() {
    let options = ServerOptions {
        max_calls_per_connection: 4,
        max_queued_calls: 4,
        max_queued_bytes: 1 << 20,
        ..Default::default()
    };
    let server = start(options).await;
    let mut lazy = server.open().await;
    let calls: Vec<u8> = (0..20).flat_map(|id| call(id, "big", b"")).collect();
    lazy.write_all(&calls).await.unwrap();
    server.wait_until(|metrics| metrics.snapshot().calls_in_flight == 4).await;
    // Each of the four holds a reply it cannot write, and nothing others wait for.
    let mut busy = server.open().await;
    for id in 0..10 {
        busy.write_all(&call(id, "echo", b"x")).await.unwrap();
        assert_eq!(read_frame(&mut busy).await.unwrap(), success((id, CLIENT_ID, 0), b"x"));
    }
    assert!(server.metrics.snapshot().calls_in_flight <= 4);
    // Once it reads, it gets everything.
    for _ in 0..20 {
        assert!(read_frame(&mut lazy).await.unwrap().len() > 4 << 20);
    }
}

#[tokio::test]
async fn clients_that_hang_half_way_hold_up_nobody() {
    let server = start(ServerOptions { max_queued_calls: 1, ..Default::default() }).await;
    let whole = [NONE.to_vec(), context(Some("hdfs")), call(0, "echo", &[1; 50_000])].concat();
    let mut hanging = Vec::new();
    for sent in [0, 3, 7, 9, 60, 200, 40_000] {
        let mut stream = server.connect().await;
        stream.write_all(&whole[..sent]).await.unwrap();
        hanging.push(stream);
    }
    server.wait_until(|metrics| metrics.snapshot().open_connections == 7).await;
    let mut busy = server.open().await;
    busy.write_all(&call(0, "echo", b"x")).await.unwrap();
    assert_eq!(read_frame(&mut busy).await.unwrap(), success((0, CLIENT_ID, 0), b"x"));
    // And they may go on where they stopped.
    let last = hanging.last_mut().unwrap();
    last.write_all(&whole[40_000..]).await.unwrap();
    let expected = success((0, CLIENT_ID, 0), &[1; 50_000]);
    assert_eq!(read_frame(last).await.unwrap(), expected);
}

#[tokio::test]
async fn a_client_that_never_reads_is_hung_up_on() {
    let purge_interval = Duration::from_millis(50);
    let server = start(ServerOptions { purge_interval, ..Default::default() }).await;
    let mut lazy = server.open().await;
    let calls: Vec<u8> = (0..8).flat_map(|id| call(id, "big", b"")).collect();
    lazy.write_all(&calls).await.unwrap();
    server.wait_until(|metrics| metrics.snapshot().total_requests > 0).await;
    server.wait_until(|metrics| metrics.snapshot().open_connections == 0).await;
}

#[tokio::test]
async fn waiting_calls_go_on_when_there_is_room() {
    // JN-024: a full queue makes the reader wait, it refuses nothing.
    let server = start(ServerOptions { max_queued_calls: 1, ..Default::default() }).await;
    let mut stream = server.open().await;
    let calls: Vec<u8> = (0..5).flat_map(|id| call(id, "slow", b"")).collect();
    stream.write_all(&calls).await.unwrap();
    for id in 0..5 {
        server.stub.entered.acquire().await.unwrap().forget();
        assert_eq!(server.metrics.snapshot().calls_in_flight, 1);
        server.stub.gate.add_permits(1);
        assert_eq!(read_frame(&mut stream).await.unwrap(), success((id, CLIENT_ID, 0), b""));
    }
}

#[tokio::test]
async fn connections_above_the_limit_are_closed() {
    let server = start(ServerOptions { max_connections: 1, ..Default::default() }).await;
    let mut first = server.open().await;
    first.write_all(&call(0, "echo", b"")).await.unwrap();
    read_frame(&mut first).await.unwrap();
    let mut second = server.connect().await;
    assert_eq!(second.read(&mut [0]).await.unwrap_or(0), 0);
    assert_eq!(server.metrics.snapshot().dropped_connections, 1);
    drop(first);
    server.wait_until(|metrics| metrics.snapshot().open_connections == 0).await;
    let mut third = server.open().await;
    third.write_all(&call(0, "echo", b"")).await.unwrap();
    assert_eq!(read_frame(&mut third).await.unwrap(), success((0, CLIENT_ID, 0), b""));
}

#[tokio::test]
async fn idle_connections_are_closed_only_above_the_threshold() {
    // JN-026
    let idle = IdleRules {
        threshold_connections: 2,
        max_idle: Duration::ZERO,
        scan_interval: Duration::from_millis(10),
        max_closed_per_scan: 10,
    };
    let server = start(ServerOptions { idle, ..Default::default() }).await;
    let mut oldest = server.open().await;
    server.wait_until(|metrics| metrics.snapshot().authorization_successes == 1).await;
    let _second = server.open().await;
    assert_eq!(oldest.read(&mut [0]).await.unwrap_or(0), 0, "the oldest is closed");
    assert_eq!(server.metrics.snapshot().open_connections, 1);
}

#[tokio::test]
async fn bytes_are_counted_both_ways() {
    let server = start(ServerOptions::default()).await;
    let mut stream = server.open().await;
    let request = call(0, "echo", b"abc");
    stream.write_all(&request).await.unwrap();
    let reply = read_frame(&mut stream).await.unwrap();
    server.wait_until(|metrics| metrics.snapshot().total_requests == 1).await;
    let snapshot = server.metrics.snapshot();
    assert_eq!(snapshot.sent_bytes, reply.len() as u64);
    let opening = NONE.len() + context(Some("hdfs")).len();
    assert_eq!(snapshot.received_bytes, (opening + request.len()) as u64);
    assert_eq!(snapshot.detailed["echo"].processing.count, 1);
    assert_eq!(snapshot.queue_time.count, 1);
    assert_eq!(snapshot.open_connections_per_user["hdfs"], 1);
}
