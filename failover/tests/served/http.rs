use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use failover::http::{ControllerStatus, Counters, StatusServer, StatusSource};
use failover::namenode::{ThreadDump, ThreadDumpError};
use failover::types::{Health, NameNodeId, ServiceState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::patience::soon;
use super::scripted::target;

struct Alone;

impl StatusSource for Alone {
    fn status(&self) -> ControllerStatus {
        ControllerStatus {
            namenode: NameNodeId::new("ns1", "nn1"),
            elector: "INIT",
            in_election: false,
            paused: false,
            session: None,
            lock_owner: None,
            health: Health::NotResponding,
            health_reason: "connection refused".to_owned(),
            service_state: ServiceState::Initializing,
            reported_state: None,
            delay_remaining_seconds: 0.0,
            stuck_fencing: None,
            breadcrumb_age_seconds: None,
            failovers: Vec::new(),
            counters: Counters::default(),
        }
    }
}

async fn ask(address: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.0\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[tokio::test]
async fn every_page_answers() {
    let server = StatusServer::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = server.local_addr();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let task = tokio::spawn(server.serve(Arc::new(Alone), async {
        let _ = stopped.await;
    }));
    let (line, body) = soon(ask(address, "/live")).await;
    assert_eq!((line.as_str(), body.as_str()), ("HTTP/1.0 200 OK", "ok"));
    let (line, body) = soon(ask(address, "/ready")).await;
    assert_eq!(line, "HTTP/1.0 503 Service Unavailable");
    assert!(body.contains("no session with ZooKeeper"), "{body}");
    let (line, body) = soon(ask(address, "/status")).await;
    assert_eq!(line, "HTTP/1.0 200 OK");
    let status: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status["namenode"], "ns1/nn1");
    assert_eq!(status["health"], "SERVICE_NOT_RESPONDING");
    let (line, body) = soon(ask(address, "/metrics")).await;
    assert_eq!(line, "HTTP/1.0 200 OK");
    assert!(body.contains("zkfc_session_connected 0\n"), "{body}");
    let (line, _) = soon(ask(address, "/other")).await;
    assert_eq!(line, "HTTP/1.0 404 Not Found");
    stop.send(()).unwrap();
    soon(task).await.unwrap();
}

/// A web server that reads one request, sends this and hangs up; an empty answer hangs for ever.
async fn web_server(answer: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.unwrap();
        assert!(request[..read].starts_with(b"GET /stacks HTTP/1.1\r\n"));
        if answer.is_empty() {
            return std::future::pending().await;
        }
        // The reader may have had enough.
        let _ = stream.write_all(&answer).await;
    });
    address
}

fn dump(address: SocketAddr, timeout: Duration) -> ThreadDump {
    ThreadDump { address: target(address), timeout }
}

#[tokio::test]
async fn fc_059_the_dump_is_what_the_namenode_says() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nThread 1".to_vec();
    let address = web_server(answer).await;
    let said = soon(dump(address, Duration::from_secs(5)).fetch()).await.unwrap();
    assert_eq!(said, "Thread 1");
}

#[tokio::test]
async fn fc_059_a_hung_web_server_is_given_up_in_time() {
    let address = web_server(Vec::new()).await;
    let limit = Duration::from_millis(200);
    let begun = Instant::now();
    let error = soon(dump(address, limit).fetch()).await.unwrap_err();
    assert!(matches!(error, ThreadDumpError::TimedOut(_)), "{error}");
    assert!(begun.elapsed() >= limit && begun.elapsed() < limit * 5);
}

#[tokio::test]
async fn a_dump_without_end_is_cut_off() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let address = web_server([head, vec![b'x'; 5 << 20]].concat()).await;
    let said = soon(dump(address, Duration::from_secs(5)).fetch()).await.unwrap();
    assert!(said.ends_with("x\n(the rest is cut off)"));
    assert!(said.len() < (4 << 20) + 100);
}

#[tokio::test]
async fn other_answers_are_no_dump() {
    let address = web_server(b"HTTP/1.1 403 Forbidden\r\n\r\n".to_vec()).await;
    let error = soon(dump(address, Duration::from_secs(5)).fetch()).await.unwrap_err();
    assert_eq!(error.to_string(), "it answered 403 Forbidden");
}
