//! Connection-level failures, byte for byte, on the pure machine and on real sockets.

use hadoop_ipc::server::{Auth, ServerOptions};

use super::{kerberos::factory, machine::drive, server::start, stub::NAME, wire::*};

const RPC: &str = "org.apache.hadoop.ipc.RpcServerException";
const MISMATCH: &str = "org.apache.hadoop.ipc.RPC$VersionMismatch";
const SASL_EXCEPTION: &str = "javax.security.sasl.SaslException";
const ACCESS: &str = "org.apache.hadoop.security.AccessControlException";
const AUTHORIZATION: &str = "org.apache.hadoop.security.authorize.AuthorizationException";

pub struct Case {
    pub name: &'static str,
    pub kerberos: bool,
    pub input: Vec<u8>,
    pub output: Vec<u8>,
}

fn case(name: &'static str, input: Vec<u8>, output: Vec<u8>) -> Case {
    Case { name, kerberos: false, input, output }
}

fn none(rest: &[u8]) -> Vec<u8> {
    [NONE, rest].concat()
}

fn established(rest: &[u8]) -> Vec<u8> {
    [NONE, &context(Some("hdfs")), rest].concat()
}

fn with_sasl(rest: &[u8]) -> Vec<u8> {
    [SASL, rest].concat()
}

fn state(state: u64) -> Vec<u8> {
    number(2, state)
}

/// Bad-version text for a client version.
fn versions(client: i32) -> String {
    format!("Server IPC version 9 cannot communicate with client version {client}")
}

fn old_error(prefix: &[u8], client: i32) -> Vec<u8> {
    let mut out = prefix.to_vec();
    for text in [MISMATCH, &versions(client)] {
        out.extend_from_slice(&(text.len() as u32).to_be_bytes());
        out.extend_from_slice(text.as_bytes());
    }
    out
}

fn preambles() -> Vec<Case> {
    let http = "HTTP/1.1 404 Not Found\r\nContent-type: text/plain\r\n\r\nIt looks like you are \
                making an HTTP request to a Hadoop IPC port. This is not the correct port for \
                the web interface on this daemon.\r\n";
    let refused = |client| fatal((-1, b"", -1), (14, MISMATCH, &versions(client)));
    let mut cases = vec![
        case("JN-002 HTTP GET", b"GET /jmx HTTP/1.1\r\n\r\n".to_vec(), http.into()),
        case("JN-003 POST", b"POST /jmx".to_vec(), refused(32)),
        case("JN-003 bad magic, version 9", b"XXXX\x09\x00\x00".to_vec(), refused(9)),
        case("JN-003 bad magic, version 3", b"XXXX\x03\x00\x00".to_vec(), old_error(&[255; 8], 3)),
        case("JN-004 version 10", b"hrpc\x0a\x00\x00".to_vec(), refused(10)),
        case("JN-006 version 2", b"hrpc\x02\x00\x00".to_vec(), old_error(&[0, 0, 0, 0, 1], 2)),
        case("JN-006 version 1", b"hrpc\x01\x00\x00".to_vec(), vec![]),
        case("JN-006 version 0", b"hrpc\x00\x00\x00".to_vec(), vec![]),
        case("JN-006 version -1", b"hrpc\xff\x00\x00".to_vec(), vec![]),
        case(
            "JN-007 unknown auth",
            b"hrpc\x09\x00\x99".to_vec(),
            fatal(
                (-1, b"", -1),
                (15, "org.apache.hadoop.ipc.IpcException", "Unknown auth protocol:-103"),
            ),
        ),
    ];
    for version in 3..=8_u8 {
        let input = [b"hrpc".as_slice(), &[version, 0, 0]].concat();
        cases.push(case("JN-005", input, old_error(&[255; 8], version.into())));
    }
    let message = "SIMPLE authentication is not enabled.  Available:[KERBEROS]";
    let output = fatal((-1, b"", -1), (15, ACCESS, message));
    cases.push(Case { name: "JN-008", kerberos: true, input: NONE.to_vec(), output });
    cases
}

fn packets() -> Vec<Case> {
    let rpc = |to, code, text| fatal(to, (code, RPC, text));
    let call_header = |fields: &[Vec<u8>]| none(&packet(&fields.concat(), b""));
    let id = || vec![3 << 3, 10]; // callId 5
    let client = || bytes(4, CLIENT_ID);
    let op = " IPC Server: No rpc op in rpcRequestHeader";
    let kind = " IPC Server: No rpc kind in rpcRequestHeader";
    let continuation = "IPC Server does not implement rpc header operationRPC_CONTINUATION_PACKET";
    let close = "IPC Server does not implement rpc header operationRPC_CLOSE_CONNECTION";
    let retried = [header(7, CLIENT_ID, 4), vec![]].concat();
    vec![
        case("JN-009 negative length", none(&[0xff; 4]), vec![]),
        case("JN-010 length above the limit", none(&[0x08, 0, 0, 1]), vec![]),
        case(
            "JN-012 no rpcOp",
            call_header(&[number(1, 2), id(), client()]),
            rpc((5, b"", -1), 12, op),
        ),
        case(
            "JN-012 rpcOp 1",
            call_header(&[number(1, 2), number(2, 1), id(), client()]),
            rpc((5, b"", -1), 12, continuation),
        ),
        case(
            "JN-012 rpcOp 2",
            call_header(&[number(1, 2), number(2, 2), id(), client()]),
            rpc((5, b"", -1), 12, close),
        ),
        case(
            "JN-012 no rpcKind",
            call_header(&[number(2, 0), id(), client()]),
            rpc((5, b"", -1), 12, kind),
        ),
        case(
            "JN-012 rpcKind 0",
            established(&packet(&[number(1, 0), number(2, 0), id(), client()].concat(), b"")),
            rpc((5, b"", -1), 12, "Unknown rpc kind in rpc headerRPC_BUILTIN"),
        ),
        case(
            "JN-012 rpcKind 1",
            established(&packet(&[number(1, 1), number(2, 0), id(), client()].concat(), b"")),
            rpc((5, b"", -1), 12, "Unknown rpc kind in rpc headerRPC_WRITABLE"),
        ),
        case(
            "JN-013 call before context, retry count echoed",
            none(&packet(&retried, b"")),
            rpc((7, b"", 4), 12, "Connection context not established"),
        ),
        case(
            "JN-014 second context",
            established(&context(None)),
            rpc((-3, b"", -1), 12, "Connection context already processed"),
        ),
        case(
            "JN-015 unknown negative callId",
            none(&packet(&header(-7, CLIENT_ID, -1), b"")),
            rpc((-7, b"", -1), 12, "Unknown out of band call #-7"),
        ),
        case(
            "JN-028 SASL not asked for",
            none(&sasl(&state(1))),
            rpc((-33, b"", -1), 12, "SASL protocol not requested by client"),
        ),
    ]
}

fn contexts() -> Vec<Case> {
    let claim = |user: &[u8]| {
        let message = [bytes(2, user), bytes(3, NAME)].concat();
        none(&packet(&header(-3, CLIENT_ID, -1), &message))
    };
    let refused = |text| fatal((-3, b"", -1), (15, AUTHORIZATION, text));
    vec![
        case(
            "JN-018 other real user",
            claim(&[bytes(1, "hdfs"), bytes(2, "root")].concat()),
            refused("User: root is not allowed to impersonate hdfs"),
        ),
        case(
            "JN-018 same real user",
            claim(&[bytes(1, "hdfs"), bytes(2, "hdfs")].concat()),
            refused("User: hdfs is not allowed to impersonate hdfs"),
        ),
        case("empty user name closes", claim(&bytes(1, "")), vec![]),
    ]
}

fn simple_sasl() -> Vec<Case> {
    let switched = success((-33, b"", -1), &[0x10, 0]);
    let not_requested = fatal((-33, b"", -1), (12, RPC, "SASL protocol not requested by client"));
    let simple_auth = [bytes(1, "SIMPLE"), bytes(2, "")].concat();
    let initiate = [state(2), bytes(4, simple_auth)].concat();
    let unfinished = "Connection header sent during SASL negotiation";
    vec![
        case(
            "JN-027 JN-028 negotiate, then a second SASL message",
            with_sasl(&[sasl(&state(1)), sasl(&state(1))].concat()),
            [switched.clone(), not_requested.clone()].concat(),
        ),
        case(
            "initiate SIMPLE switches too",
            with_sasl(&[sasl(&initiate), context(None), sasl(&state(1))].concat()),
            [switched, not_requested].concat(),
        ),
        case(
            "context while SASL is unfinished",
            with_sasl(&context(None)),
            fatal((-3, b"", -1), (12, RPC, unfinished)),
        ),
        case(
            "wrap before anything",
            with_sasl(&sasl(&[state(5), bytes(3, "x")].concat())),
            fatal((-33, b"", -1), (12, SASL_EXCEPTION, "Server is not wrapping data")),
        ),
    ]
}

/// JN-034: the misuse table.
fn kerberos_misuse() -> Vec<Case> {
    let offer = || {
        [bytes(1, "KERBEROS"), bytes(2, "GSSAPI"), bytes(3, "jn"), bytes(4, "jn1.example.com")]
            .concat()
    };
    let negotiated = success((-33, b"", -1), &[state(1), bytes(4, offer())].concat());
    let refused = |class, text| fatal((-33, b"", -1), (15, class, text));
    let digest = [bytes(1, "TOKEN"), bytes(2, "DIGEST-MD5"), bytes(3, ""), bytes(4, "default")];
    let initiate = |auth: Vec<u8>, token: Option<&str>| {
        let token = token.map_or(vec![], |token| bytes(3, token));
        sasl(&[state(2), token, bytes(4, auth)].concat())
    };
    let kerberos = |name, input: &[Vec<u8>], output: &[Vec<u8>]| Case {
        name,
        kerberos: true,
        input: with_sasl(&input.concat()),
        output: output.concat(),
    };
    let malformed = refused(SASL_EXCEPTION, "Client mechanism is malformed");
    let tokenless = refused(SASL_EXCEPTION, "Client did not send a token");
    vec![
        kerberos(
            "JN-029 JN-034 second NEGOTIATE",
            &[sasl(&state(1)), sasl(&state(1))],
            &[negotiated.clone(), refused(ACCESS, "Client already attempted negotiation")],
        ),
        kerberos(
            "INITIATE of something else after NEGOTIATE",
            &[sasl(&state(1)), initiate(digest.concat(), Some("t"))],
            &[
                negotiated.clone(),
                refused(ACCESS, "TOKEN authentication is not enabled.  Available:[KERBEROS]"),
            ],
        ),
        kerberos(
            "INITIATE of something else is answered by the offer",
            &[initiate(digest.concat(), Some("t")), sasl(&state(1))],
            &[negotiated, refused(ACCESS, "Client already attempted negotiation")],
        ),
        kerberos("INITIATE without auths", &[sasl(&state(2))], std::slice::from_ref(&malformed)),
        kerberos(
            "INITIATE with two auths",
            &[sasl(&[state(2), bytes(4, offer()), bytes(4, offer())].concat())],
            &[malformed],
        ),
        kerberos(
            "INITIATE without token",
            &[initiate(offer(), None)],
            std::slice::from_ref(&tokenless),
        ),
        kerberos("RESPONSE without token", &[sasl(&state(4))], &[tokenless]),
        kerberos(
            "bad GSS token",
            &[initiate(offer(), Some("garbage"))],
            &[refused(SASL_EXCEPTION, "GSS initiate failed")],
        ),
        kerberos(
            "other state",
            &[sasl(&state(3))],
            &[refused(SASL_EXCEPTION, "Client sent unsupported state CHALLENGE")],
        ),
        kerberos(
            "RESPONSE before INITIATE",
            &[sasl(&[state(4), bytes(3, "t")].concat())],
            &[refused(SASL_EXCEPTION, "Client did not initiate")],
        ),
    ]
}

/// Every row: what is sent, and every byte that comes back before the connection closes.
pub fn cases() -> Vec<Case> {
    [preambles(), packets(), contexts(), simple_sasl(), kerberos_misuse()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn machine_answers_every_refusal_byte_for_byte() {
    for Case { name, kerberos, input, output } in cases() {
        let seen = drive(kerberos, &input, &[usize::MAX]);
        assert_eq!(seen.replies, output, "{name}");
        assert!(seen.closed, "{name}: still open");
    }
}

#[tokio::test]
async fn sockets_answer_every_refusal_byte_for_byte() {
    let simple = start(ServerOptions::default()).await;
    let secure =
        ServerOptions { auth: Auth::Sasl(factory("authentication")), ..Default::default() };
    let secure = start(secure).await;
    for Case { name, kerberos, input, output } in cases() {
        let server = if kerberos { &secure } else { &simple };
        let mut stream = server.connect().await;
        assert_eq!(exchange(&mut stream, &input).await, output, "{name}");
    }
}

#[tokio::test]
async fn undecodable_header_is_fatal_13() {
    // JN-011: the text after the colon is free.
    let server = start(ServerOptions::default()).await;
    for body in [&b""[..], &[0], &[5, 1, 2], b"\xff\xff\xff\xff\xff\xff", &[2, 0x18, 2]] {
        let mut stream = server.connect().await;
        let reply = exchange(&mut stream, &none(&framed(&[body]))).await;
        let text = String::from_utf8_lossy(&reply).into_owned();
        assert!(text.contains("Error decoding RpcRequestHeaderProto: "), "{text}");
        assert!(text.contains(RPC), "{text}");
        // callId -1, FATAL, version 9 … errorDetail 13, no client id, retry count -1.
        let header = &parts(&reply)[0];
        assert_eq!(header[..10], unhex("08ffffffff0f10021809")[..]);
        assert!(header.ends_with(&unhex("300d3a004001")), "{text}");
    }
}
