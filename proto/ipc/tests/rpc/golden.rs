//! A session between a Java client and a Java JournalNode, replayed against this server.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use hadoop_ipc::server::{
    Call, CallError, Protocol, ProtocolDescriptor, ServerOptions, decode_request,
};
use hadoop_proto::qjournal::JournalRequestProto;
use tokio::io::AsyncWriteExt;

use super::{machine::drive, server::start_with, stub::Stub, wire::*};

const SESSION: &str = include_str!("../golden/rpc-paxos-session.txt");

static QJOURNAL: ProtocolDescriptor = ProtocolDescriptor {
    name: "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol",
    version: 1,
    pb_class: "org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB",
    method_hashes: &[],
};

/// What one side sent, in order.
fn sent_by(side: &str) -> Vec<Vec<u8>> {
    let lines = SESSION.lines().filter_map(|line| line.strip_prefix(side));
    lines.map(|hex| unhex(hex.trim())).collect()
}

/// Gives the answers Java gave, in order.
struct Replay {
    answers: Vec<Bytes>,
    next: AtomicUsize,
    methods: Mutex<Vec<String>>,
}

impl Protocol for Replay {
    fn descriptor(&self) -> &ProtocolDescriptor {
        &QJOURNAL
    }

    fn call(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Bytes, CallError>> {
        async move {
            if call.method == "journal" {
                let packet = call.request.as_ptr_range();
                let decoded = decode_request::<JournalRequestProto>(call.request)?;
                assert!(packet.contains(&decoded.records.as_ptr()), "records were copied");
            }
            self.methods.lock().unwrap().push(call.method);
            Ok(self.answers[self.next.fetch_add(1, SeqCst)].clone())
        }
        .boxed()
    }
}

#[tokio::test]
async fn java_session_gets_the_bytes_java_gave() {
    // JN-001, JN-019
    let (requests, replies) = (sent_by("C "), sent_by("S "));
    assert_eq!((requests.len(), replies.len()), (12, 12));
    let answers = replies.iter().map(|frame| parts(frame)[1].clone()).collect();
    let replay = Arc::new(Replay { answers, next: AtomicUsize::new(0), methods: Mutex::default() });
    let server = start_with(ServerOptions::default(), replay.clone(), Stub::new()).await;
    let mut stream = server.connect().await;
    for (request, reply) in requests.iter().zip(&replies) {
        stream.write_all(request).await.unwrap();
        assert_eq!(read_frame(&mut stream).await.unwrap(), *reply);
    }
    let methods = replay.methods.lock().unwrap();
    assert_eq!(methods[..3], ["format", "newEpoch", "startLogSegment"]);
    assert_eq!(methods[11], "prepareRecovery");
}

/// What Java does here has no use: after a SASL client chose SIMPLE it accepts nothing more.
const DEVIATION: &str = "initiate SIMPLE switches too";

#[test]
fn refusals_are_the_bytes_java_gave() {
    // JN-002 to JN-018, JN-027, JN-028
    let lines: Vec<&str> = include_str!("../golden/refusals.txt").lines().skip(3).collect();
    assert_eq!(lines.len(), 3 * 35);
    for row in lines.chunks(3).filter(|row| row[0] != DEVIATION) {
        let field = |line: &str, mark| unhex(line.strip_prefix(mark).unwrap().trim());
        let seen = drive(false, &field(row[1], ">"), &[usize::MAX]);
        assert_eq!(seen.replies, field(row[2], "<"), "{}", row[0]);
        assert!(seen.closed, "{}", row[0]);
    }
}
