//! Calls over real sockets: replies byte for byte, order, concurrency.

use hadoop_ipc::server::ServerOptions;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{
    server::{TestServer, start},
    stub::{NAME, PB_CLASS},
    wire::*,
};

const PROTOBUF: &str = "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException";
const META: (&str, u64) = ("org.apache.hadoop.ipc.ProtocolMetaInfoPB", 1);

async fn server() -> TestServer {
    start(ServerOptions::default()).await
}

async fn ask(stream: &mut TcpStream, request: &[u8]) -> Vec<u8> {
    stream.write_all(request).await.unwrap();
    read_frame(stream).await.unwrap()
}

#[tokio::test]
async fn pipelined_preamble_context_and_call_are_answered() {
    // JN-001, JN-017, JN-019
    let server = server().await;
    let mut stream = server.connect().await;
    let input = [NONE.to_vec(), context(None), call(0, "empty", b"")].concat();
    assert_eq!(ask(&mut stream, &input).await, success((0, CLIENT_ID, 0), b""));
    assert_eq!(server.stub.calls.lock().unwrap()[0].caller.user, None);
}

#[tokio::test]
async fn ids_are_echoed_whatever_they_are() {
    // JN-019, JN-020
    let server = server().await;
    let mut stream = server.open().await;
    for (id, client, retry) in [(0, &b""[..], 3), (i32::MAX, b"x", -1), (5, CLIENT_ID, 0)] {
        let request = framed(&[
            &delimited(header(id, client, retry)),
            &delimited(method_header("echo", NAME, 1)),
            &delimited(b"body"),
        ]);
        let expected = success((id, client, retry), b"body");
        assert_eq!(ask(&mut stream, &request).await, expected);
    }
}

#[tokio::test]
async fn calls_that_lead_nowhere_keep_the_connection() {
    // JN-021, JN-040
    let server = server().await;
    let mut stream = server.open().await;
    let cases = [
        (
            ("nope", NAME, 1),
            2,
            "org.apache.hadoop.ipc.RpcNoSuchMethodException",
            "Unknown method nope called on org.example.Stub protocol.",
        ),
        (
            ("echo", "org.example.Other", 1),
            3,
            "org.apache.hadoop.ipc.RpcNoSuchProtocolException",
            "Unknown protocol: org.example.Other",
        ),
        (
            ("echo", NAME, 2),
            6,
            "org.apache.hadoop.ipc.RPC$VersionMismatch",
            "Protocol org.example.Stub version mismatch. (client = 2, server = 1)",
        ),
        (("fail", NAME, 1), 1, "java.io.IOException", "disk on fire"),
        (
            ("panic", NAME, 1),
            1,
            "java.lang.RuntimeException",
            "the handler of panic failed unexpectedly",
        ),
    ];
    for (to, code, class, message) in cases {
        let expected = error((1, CLIENT_ID, 0), (code, class, message));
        assert_eq!(ask(&mut stream, &call_to(1, to, b"")).await, expected);
    }
    assert_eq!(ask(&mut stream, &call(2, "echo", b"x")).await, success((2, CLIENT_ID, 0), b"x"));
    let detailed = server.metrics.snapshot().detailed;
    assert!(detailed.contains_key("RpcNoSuchMethodException"));
    assert!(!detailed.contains_key("nope"), "clients must not choose metric names");
}

#[tokio::test]
async fn malformed_call_bodies_keep_the_connection() {
    // JN-022; the method header case is stricter than Java, which never answers it.
    let server = server().await;
    let mut stream = server.open().await;
    let head = delimited(header(4, CLIENT_ID, 0));
    let method = delimited(method_header("strict", NAME, 1));
    let broken: [&[&[u8]]; 6] = [
        &[&head],
        &[&head, &[9, 1]],
        &[&head, &delimited(bytes(1, "strict"))],
        &[&head, &method],
        &[&head, &method, &[200, 1]],
        &[&head, &method, &[0]],
    ];
    for parts in broken {
        let reply = ask(&mut stream, &framed(parts)).await;
        let text = String::from_utf8_lossy(&reply).into_owned();
        assert!(text.contains(PROTOBUF), "{text}");
        // callId 4, ERROR, version 9 … errorDetail 1.
        assert_eq!(super::wire::parts(&reply)[0][..6], [8, 4, 16, 1, 24, 9]);
        assert!(super::wire::parts(&reply)[0].windows(2).any(|pair| pair == [0x30, 1]));
    }
    let fine = call(5, "strict", &bytes(1, "p"));
    assert_eq!(ask(&mut stream, &fine).await, success((5, CLIENT_ID, 0), b"p"));
}

#[tokio::test]
async fn error_message_has_no_class_prefix() {
    // JN-023
    let server = server().await;
    let mut stream = server.open().await;
    let reply = ask(&mut stream, &call(0, "fail", b"")).await;
    let first_line = error((0, CLIENT_ID, 0), (1, "java.io.IOException", "disk on fire"));
    assert_eq!(reply, first_line);
}

#[tokio::test]
async fn replies_leave_in_completion_order() {
    // JN-024, JN-025
    let server = server().await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "slow", b"late")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
    assert_eq!(server.metrics.snapshot().calls_in_flight, 1);
    for id in 1..4 {
        let expected = success((id, CLIENT_ID, 0), b"now");
        assert_eq!(ask(&mut stream, &call(id, "echo", b"now")).await, expected);
    }
    server.stub.gate.add_permits(1);
    assert_eq!(read_frame(&mut stream).await.unwrap(), success((0, CLIENT_ID, 0), b"late"));
}

#[tokio::test]
async fn a_dead_connection_does_not_cancel_its_calls() {
    let server = server().await;
    let mut stream = server.open().await;
    stream.write_all(&call(0, "slow", b"")).await.unwrap();
    server.stub.entered.acquire().await.unwrap().forget();
    drop(stream);
    server.wait_until(|metrics| metrics.snapshot().open_connections == 0).await;
    assert_eq!(server.metrics.snapshot().calls_in_flight, 1);
    server.stub.gate.add_permits(1);
    server.wait_until(|metrics| metrics.snapshot().total_requests == 1).await;
    assert_eq!(server.metrics.snapshot().call_successes, 1);
}

#[tokio::test]
async fn large_requests_and_replies_pass_whole() {
    let server = server().await;
    let mut stream = server.open().await;
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
    let reply = ask(&mut stream, &call(0, "echo", &large)).await;
    assert_eq!(reply, success((0, CLIENT_ID, 0), &large));
}

#[tokio::test]
async fn simple_server_sends_sasl_clients_back_to_simple() {
    // JN-027
    let server = server().await;
    let mut stream = server.connect().await;
    let negotiate = [SASL.to_vec(), sasl(&number(2, 1))].concat();
    assert_eq!(ask(&mut stream, &negotiate).await, success((-33, b"", -1), &[0x10, 0]));
    let input = [context(Some("hdfs")), call(0, "echo", b"x")].concat();
    assert_eq!(ask(&mut stream, &input).await, success((0, CLIENT_ID, 0), b"x"));
}

#[tokio::test]
async fn meta_info_answers_for_every_protocol() {
    // JN-039
    let server = server().await;
    let mut stream = server.open().await;
    let signature = |pb_class: &str, kind: &str| [bytes(1, pb_class), bytes(2, kind)].concat();
    let mut meta = async |method, request: &[u8]| {
        ask(&mut stream, &call_to(0, (method, META.0, META.1), request)).await
    };
    let hashes = [number(1, 1), number(2, 7), number(2, 3_000_000_000)].concat();
    let expected = success((0, CLIENT_ID, 0), &bytes(1, hashes));
    let request = signature(PB_CLASS, "RPC_PROTOCOL_BUFFER");
    assert_eq!(meta("getProtocolSignature", &request).await, expected);
    let request = signature(PB_CLASS, "RPC_WRITABLE");
    assert_eq!(meta("getProtocolSignature", &request).await, success((0, CLIENT_ID, 0), b""));
    let versions = bytes(1, [bytes(1, "RPC_PROTOCOL_BUFFER"), number(2, 1)].concat());
    let expected = success((0, CLIENT_ID, 0), &versions);
    assert_eq!(meta("getProtocolVersions", &bytes(1, PB_CLASS)).await, expected);
    let unknown = error((0, CLIENT_ID, 0), (1, "java.lang.ClassNotFoundException", "No"));
    assert_eq!(meta("getProtocolVersions", &bytes(1, "No")).await, unknown);
}
