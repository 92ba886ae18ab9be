//! The client against this server, and against servers that misbehave.

use std::{net::SocketAddr, time::Duration};

use hadoop_ipc::{
    client::{Client, ClientError, ClientOptions, Target},
    server::ServerOptions,
};
use hadoop_proto::common::{
    GetProtocolSignatureRequestProto, GetProtocolSignatureResponseProto,
    GetProtocolVersionsRequestProto, IpcConnectionContextProto,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    server::start,
    stub::{NAME, PB_CLASS},
    wire::*,
};

fn options() -> ClientOptions {
    ClientOptions::new(NAME, 1, Some("hdfs".into()))
}

fn client(address: SocketAddr, options: ClientOptions) -> Client {
    Client::new(Target::new(address.ip().to_string(), address.port()), options)
}

fn request(text: &str) -> GetProtocolVersionsRequestProto {
    GetProtocolVersionsRequestProto { protocol: text.into() }
}

type Echo = Result<GetProtocolVersionsRequestProto, ClientError>;

#[tokio::test]
async fn calls_are_answered_on_one_connection() {
    let server = start(ServerOptions::default()).await;
    let client = client(server.address, options());
    let slow = async {
        let answer: Echo = client.call("slow", &request("late")).await;
        answer.unwrap()
    };
    let fast = async {
        server.stub.entered.acquire().await.unwrap().forget();
        for n in 0..10 {
            let answer: Echo = client.call("echo", &request(&n.to_string())).await;
            assert_eq!(answer.unwrap().protocol, n.to_string());
        }
        server.stub.gate.add_permits(1);
    };
    let (late, ()) = tokio::join!(slow, fast);
    assert_eq!(late.protocol, "late");
    assert_eq!(server.metrics.snapshot().open_connections, 1);
    let caller = server.stub.calls.lock().unwrap()[0].caller.clone();
    assert_eq!((caller.user.as_deref(), caller.protocol.as_deref()), (Some("hdfs"), Some(NAME)));
}

#[tokio::test]
async fn remote_exceptions_carry_class_and_message() {
    let server = start(ServerOptions::default()).await;
    let client = client(server.address, options());
    let answer: Echo = client.call("fail", &request("")).await;
    let Err(ClientError::Remote(remote)) = answer else { panic!("{answer:?}") };
    assert_eq!(remote.exception.class, "java.io.IOException");
    assert_eq!(remote.exception.message, "disk on fire");
    assert!(!remote.fatal);
    let answer: Echo = client.call("echo", &request("on")).await;
    assert_eq!(answer.unwrap().protocol, "on");
}

#[tokio::test]
async fn meta_info_is_reachable_by_its_own_name() {
    // JN-039
    let server = start(ServerOptions::default()).await;
    let meta = ClientOptions::new("org.apache.hadoop.ipc.ProtocolMetaInfoPB", 1, None);
    let client = client(server.address, meta);
    let request = GetProtocolSignatureRequestProto {
        protocol: PB_CLASS.into(),
        rpc_kind: "RPC_PROTOCOL_BUFFER".into(),
    };
    let answer: GetProtocolSignatureResponseProto =
        client.call("getProtocolSignature", &request).await.unwrap();
    assert_eq!(answer.protocol_signature[0].methods, [7, 3_000_000_000]);
}

#[tokio::test]
async fn an_answer_without_required_fields_is_malformed() {
    let server = start(ServerOptions::default()).await;
    let client = client(server.address, options());
    let answer: Echo = client.call("empty", &IpcConnectionContextProto::default()).await;
    assert!(matches!(answer, Err(ClientError::Malformed(_))));
}

#[tokio::test]
async fn nobody_listening_is_a_connect_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let answer: Echo = client(address, options()).call("echo", &request("")).await;
    assert!(matches!(answer, Err(ClientError::Connect { .. })), "{answer:?}");
}

#[tokio::test]
async fn silence_times_out_pings_and_reconnects() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let limits = ClientOptions {
        call_timeout: Duration::from_millis(200),
        ping_interval: Duration::from_millis(20),
        ..options()
    };
    let client = client(listener.local_addr().unwrap(), limits);
    let silent = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        stream.read_to_end(&mut seen).await.unwrap();
        seen
    };
    let call = async {
        let answer: Echo = client.call("echo", &request("")).await;
        assert!(matches!(answer, Err(ClientError::Timeout { .. })), "{answer:?}");
    };
    let (seen, ()) = tokio::join!(silent, call);
    // callId -4 is zigzag 7; its packet is one header.
    assert!(seen.windows(6).any(|bytes| bytes == [8, 2, 16, 0, 24, 7]), "no ping in {seen:?}");
    let again = async {
        let answer: Echo = client.call("echo", &request("")).await;
        assert!(answer.is_err());
    };
    let (accepted, ()) = tokio::join!(listener.accept(), again);
    accepted.unwrap();
}

#[tokio::test]
async fn a_broken_connection_fails_every_call_on_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(listener.local_addr().unwrap(), options());
    let hang_up = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut opening = vec![0; NONE.len() + context(Some("hdfs")).len()];
        stream.read_exact(&mut opening).await.unwrap();
        for _ in 0..2 {
            read_frame(&mut stream).await.unwrap();
        }
    };
    let (first, second) = (request("1"), request("2"));
    let calls = async { tokio::join!(client.call("a", &first), client.call("b", &second)) };
    let ((), (first, second)): ((), (Echo, Echo)) = tokio::join!(hang_up, calls);
    assert!(matches!(first, Err(ClientError::Closed(_))), "{first:?}");
    assert!(matches!(second, Err(ClientError::Closed(_))), "{second:?}");
}

#[tokio::test]
async fn fatal_replies_and_long_replies_end_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let limits = ClientOptions { max_response_length_bytes: 1000, ..options() };
    let client = client(listener.local_addr().unwrap(), limits);
    let replies = [fatal((-3, b"", -1), (15, "C", "not you")), vec![0, 0, 3, 0xe9], vec![0xff; 4]];
    for reply in replies {
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(&reply).await.unwrap();
            let _ = stream.read_to_end(&mut Vec::new()).await;
        };
        let asked = request("");
        let (answer, ()): (Echo, ()) = tokio::join!(client.call("echo", &asked), server);
        match answer {
            Err(ClientError::Remote(remote)) => assert!(remote.fatal),
            Err(ClientError::Frame(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn calls_above_the_limit_wait_their_turn() {
    let server = start(ServerOptions::default()).await;
    let client = client(server.address, ClientOptions { max_calls_in_flight: 1, ..options() });
    let (first, second) = (request("1"), request("2"));
    let calls = async { tokio::join!(client.call("slow", &first), client.call("slow", &second)) };
    let gate = async {
        for _ in 0..2 {
            server.stub.entered.acquire().await.unwrap().forget();
            assert_eq!(server.metrics.snapshot().calls_in_flight, 1);
            server.stub.gate.add_permits(1);
        }
    };
    let ((first, second), ()): ((Echo, Echo), ()) = tokio::join!(calls, gate);
    assert_eq!((first.unwrap().protocol, second.unwrap().protocol), ("1".into(), "2".into()));
}

#[tokio::test]
async fn an_unused_connection_is_closed_and_opened_again() {
    let server = start(ServerOptions::default()).await;
    let limits = ClientOptions { max_idle: Duration::from_millis(10), ..options() };
    let client = client(server.address, limits);
    for _ in 0..2 {
        let answer: Echo = client.call("echo", &request("x")).await;
        assert_eq!(answer.unwrap().protocol, "x");
        server.wait_until(|metrics| metrics.snapshot().open_connections == 0).await;
    }
}

#[tokio::test]
async fn a_call_given_up_does_not_hurt_the_others() {
    let server = start(ServerOptions::default()).await;
    let client = client(server.address, options());
    let asked = request("x");
    tokio::select! {
        _ = client.call::<_, GetProtocolVersionsRequestProto>("slow", &asked) => panic!("answered"),
        permit = server.stub.entered.acquire() => permit.unwrap().forget(),
    }
    let answer: Echo = client.call("echo", &request("y")).await;
    assert_eq!(answer.unwrap().protocol, "y");
    server.stub.gate.add_permits(1);
    let answer: Echo = client.call("echo", &request("z")).await;
    assert_eq!(answer.unwrap().protocol, "z");
    assert_eq!(server.metrics.snapshot().open_connections, 1);
}
