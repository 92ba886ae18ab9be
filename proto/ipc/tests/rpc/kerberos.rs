//! The whole Kerberos flow over a fake GSS context: real negotiation, toy cryptography.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::SeqCst},
};

use bytes::Bytes;
use hadoop_ipc::{
    sasl::{
        GssContext, GssMechanism, GssStep, Mechanism, MechanismFactory, Offer, QopMask, SaslError,
    },
    server::{Auth, ServerOptions},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{
    machine::{Seen, connection, settings},
    server::{TestServer, start},
    wire::*,
};

const PRINCIPAL: &str = "nn/nn1.example.com@EXAMPLE.COM";

/// Tokens are a letter (signed or confidential), a sequence number per direction, and the
/// payload, scrambled if confidential. Any gap or swap in the sequence fails.
#[derive(Default)]
struct FakeGss {
    sent: AtomicU32,
    received: AtomicU32,
}

impl FakeGss {
    fn seal(&self, plain: &[u8], confidential: bool) -> Vec<u8> {
        let letter = if confidential { b'C' } else { b'I' };
        let number = self.sent.fetch_add(1, SeqCst).to_be_bytes();
        [&[letter], &number[..], &scramble(plain, confidential)].concat()
    }

    fn open(&self, token: &[u8]) -> Option<Vec<u8>> {
        let (letter, rest) = token.split_first()?;
        let (number, payload) = rest.split_first_chunk()?;
        let expected = self.received.fetch_add(1, SeqCst);
        (u32::from_be_bytes(*number) == expected).then(|| scramble(payload, *letter == b'C'))
    }
}

fn scramble(bytes: &[u8], confidential: bool) -> Vec<u8> {
    bytes.iter().map(|byte| if confidential { byte ^ 0x5a } else { *byte }).collect()
}

impl GssContext for FakeGss {
    fn accept(&self, token: &[u8]) -> Result<GssStep, SaslError> {
        match token {
            b"AP-REQ" => Ok(GssStep { token: Some("AP-REP".into()), complete: true }),
            _ => Err(SaslError::gss_initiate_failed()),
        }
    }

    fn peer(&self) -> Result<String, SaslError> {
        Ok(PRINCIPAL.into())
    }

    fn wrap(&self, plain: &[u8], confidential: bool) -> Result<Bytes, SaslError> {
        Ok(self.seal(plain, confidential).into())
    }

    fn unwrap(&self, token: &[u8]) -> Result<Bytes, SaslError> {
        self.open(token).map(Bytes::from).ok_or_else(|| SaslError::sasl("bad token"))
    }
}

struct Factory {
    offer: Offer,
    mask: QopMask,
}

impl MechanismFactory for Factory {
    fn offer(&self) -> &Offer {
        &self.offer
    }

    fn start(&self) -> Result<Box<dyn Mechanism>, SaslError> {
        Ok(Box::new(GssMechanism::new(Arc::new(FakeGss::default()), self.mask)))
    }
}

pub fn factory(protection: &str) -> Arc<dyn MechanismFactory> {
    let offer = Offer {
        method: "KERBEROS".into(),
        mechanism: "GSSAPI".into(),
        protocol: "jn".into(),
        server_id: "jn1.example.com".into(),
    };
    Arc::new(Factory { offer, mask: QopMask::parse(protection).unwrap() })
}

fn sasl_reply(message: &[u8]) -> Vec<u8> {
    success((-33, b"", -1), message)
}

fn response(token: impl AsRef<[u8]>) -> Vec<u8> {
    sasl(&[number(2, 4), bytes(3, token)].concat())
}

fn initiate() -> Vec<u8> {
    let auth =
        [bytes(1, "KERBEROS"), bytes(2, "GSSAPI"), bytes(3, "jn"), bytes(4, "jn1.example.com")];
    sasl(&[number(2, 2), bytes(3, "AP-REQ"), bytes(4, auth.concat())].concat())
}

/// The client's side, up to its choice of `qop`; and what the server answers.
fn handshake(client: &FakeGss, mask: u8, qop: u8, authorization_id: &str) -> (Vec<u8>, Vec<u8>) {
    let server = FakeGss::default();
    let offer = server.seal(&[mask, 1, 0, 0], false);
    client.open(&offer).unwrap();
    let choice = [&[qop, 1, 0, 0], authorization_id.as_bytes()].concat();
    let sent = [SASL.to_vec(), initiate(), response(""), response(client.seal(&choice, false))];
    let answered = [
        sasl_reply(&[number(2, 3), bytes(3, "AP-REP")].concat()),
        sasl_reply(&[number(2, 3), bytes(3, offer)].concat()),
        sasl_reply(&number(2, 0)),
    ];
    (sent.concat(), answered.concat())
}

/// Bytes as one wrapped packet.
fn wrapped(client: &FakeGss, plain: &[u8], confidential: bool) -> Vec<u8> {
    sasl(&[number(2, 5), bytes(3, client.seal(plain, confidential))].concat())
}

/// Takes a wrapped reply apart: header as Java writes it, and the reply inside.
fn unwrapped(client: &FakeGss, frame: &[u8]) -> Vec<u8> {
    let [header, message] = parts(frame).try_into().unwrap();
    assert_eq!(header[..], unhex("08dfffffff0f1000")[..], "callId -33, SUCCESS, nothing else");
    let token = message.strip_prefix(&[0x10, 5, 0x1a]).expect("state WRAP, then the token");
    let mut token = Bytes::copy_from_slice(token);
    client.open(&hadoop_ipc::frame::split_delimited(&mut token).unwrap()).unwrap()
}

async fn secure_server(protection: &str) -> TestServer {
    let auth = Auth::Sasl(factory(protection));
    start(ServerOptions { auth, ..Default::default() }).await
}

async fn shake_hands(server: &TestServer, client: &FakeGss, mask: u8, qop: u8) -> TcpStream {
    let (sent, answered) = handshake(client, mask, qop, PRINCIPAL);
    let mut stream = server.connect().await;
    stream.write_all(&sent).await.unwrap();
    let mut replies = Vec::new();
    for _ in 0..3 {
        replies.extend(read_frame(&mut stream).await.unwrap());
    }
    assert_eq!(replies, answered);
    stream
}

#[tokio::test]
async fn qop_auth_wraps_nothing() {
    // JN-030
    let server = secure_server("authentication").await;
    let mut stream = shake_hands(&server, &FakeGss::default(), 1, 1).await;
    let input = [context(Some(PRINCIPAL)), call(0, "echo", b"hi")].concat();
    stream.write_all(&input).await.unwrap();
    assert_eq!(read_frame(&mut stream).await.unwrap(), success((0, CLIENT_ID, 0), b"hi"));
    let caller = server.stub.calls.lock().unwrap()[0].caller.clone();
    assert_eq!(caller.user.as_deref(), Some(PRINCIPAL));
    let snapshot = server.metrics.snapshot();
    assert_eq!((snapshot.authentication_successes, snapshot.authorization_successes), (1, 1));
    assert_eq!(snapshot.open_connections_per_user[PRINCIPAL], 1);
}

async fn wrapped_calls(protection: &str, qop: u8) {
    let confidential = qop == 4;
    let server = secure_server(protection).await;
    let client = FakeGss::default();
    let mut stream = shake_hands(&server, &client, qop, qop).await;
    // Context and first call in one WRAP, as a Java client does.
    let packets = [context(Some(PRINCIPAL)), call(0, "echo", b"one")].concat();
    stream.write_all(&wrapped(&client, &packets, confidential)).await.unwrap();
    let reply = read_frame(&mut stream).await.unwrap();
    assert_eq!(unwrapped(&client, &reply), success((0, CLIENT_ID, 0), b"one"));
    // A large call split over three WRAPs, with pings around it.
    let large = vec![7; 200_000];
    let packets = [ping(), call(1, "echo", &large), ping()].concat();
    for part in packets.chunks(70_000) {
        stream.write_all(&wrapped(&client, part, confidential)).await.unwrap();
    }
    let reply = read_frame(&mut stream).await.unwrap();
    assert_eq!(unwrapped(&client, &reply), success((1, CLIENT_ID, 0), &large));
}

#[tokio::test]
async fn qop_integrity_wraps_both_ways() {
    // JN-031
    wrapped_calls("integrity", 2).await;
}

#[tokio::test]
async fn qop_privacy_wraps_both_ways() {
    // JN-032
    wrapped_calls("privacy", 4).await;
}

#[tokio::test]
async fn concurrent_replies_keep_their_sequence_numbers() {
    // JN-032: wrapping and writing are one step.
    let server = secure_server("privacy").await;
    let client = FakeGss::default();
    let mut stream = shake_hands(&server, &client, 4, 4).await;
    let mut packets = context(None);
    for id in 0..50 {
        packets.extend(call(id, "echo", &[id as u8; 1000]));
    }
    stream.write_all(&wrapped(&client, &packets, true)).await.unwrap();
    let mut replies = Vec::new();
    for _ in 0..50 {
        replies.push(unwrapped(&client, &read_frame(&mut stream).await.unwrap()));
    }
    replies.sort();
    let mut expected: Vec<_> =
        (0..50).map(|id| success((id, CLIENT_ID, 0), &[id as u8; 1000])).collect();
    expected.sort();
    assert_eq!(replies, expected);
}

/// Runs the machine through a handshake and `rest`; returns what it did after the handshake.
fn after_handshake(protection: &str, mask: u8, qop: u8, rest: &[u8], authzid: &str) -> Seen {
    let client = FakeGss::default();
    let (sent, answered) = handshake(&client, mask, qop, authzid);
    let mechanism = Some(factory(protection));
    let mut machine =
        connection(hadoop_ipc::server::ConnectionSettings { mechanism, ..settings(true) });
    let mut seen = Seen::default();
    for chunk in [sent, rest.to_vec()].concat().chunks(1000) {
        machine.push(chunk);
        while let Some(action) = machine.next_action() {
            seen.note(action);
        }
    }
    if let Some(rest) = seen.replies.strip_prefix(&answered[..]) {
        seen.replies = rest.to_vec();
    }
    seen
}

#[test]
fn sasl_after_the_negotiation_is_fatal_12() {
    // JN-034
    let class = "javax.security.sasl.SaslException";
    let wrap = sasl(&[number(2, 5), bytes(3, "x")].concat());
    let seen = after_handshake("authentication", 1, 1, &wrap, "");
    let refused = fatal((-33, b"", -1), (12, class, "Server is not wrapping data"));
    assert_eq!(seen.replies, refused);
    let seen = after_handshake("authentication", 1, 1, &sasl(&number(2, 1)), "");
    let refused = fatal((-33, b"", -1), (12, class, "Negotiation is already complete"));
    assert_eq!(seen.replies, refused);
}

#[test]
fn authenticated_user_may_not_impersonate() {
    // JN-018 with Kerberos
    let seen = after_handshake("authentication", 1, 1, &context(Some("hdfs")), "");
    let class = "org.apache.hadoop.security.authorize.AuthorizationException";
    let text = format!("User: {PRINCIPAL} is not allowed to impersonate hdfs");
    assert_eq!(seen.replies, fatal((-3, b"", -1), (15, class, &text)));
}

#[test]
fn choice_outside_the_mask_and_foreign_authorization_id_fail() {
    // JN-033
    for (mask, qop, authzid) in [(5, 2, ""), (5, 0, ""), (5, 5, ""), (5, 4, "someone@ELSE")] {
        let seen = after_handshake("authentication,privacy", mask, qop, b"", authzid);
        assert!(seen.closed, "{qop} {authzid}");
        assert!(seen.actions.iter().any(|action| action == "authentication failed"));
        assert!(String::from_utf8_lossy(&seen.replies).contains("SaslException"));
    }
    let seen = after_handshake("authentication,privacy", 5, 4, b"", PRINCIPAL);
    assert_eq!(seen.actions.last().unwrap(), "wrap");
}

#[test]
fn packets_outside_the_wrapping_are_refused() {
    // Stricter than Java: nothing can be injected into a protected connection.
    let seen = after_handshake("privacy", 4, 4, &context(None), "");
    let class = "org.apache.hadoop.ipc.RpcServerException";
    assert_eq!(seen.replies, fatal((-3, b"", -1), (12, class, "Packet is not wrapped")));
}

#[test]
fn a_token_that_does_not_unwrap_closes_silently() {
    let bad = sasl(&[number(2, 5), bytes(3, "Ixxxxhello")].concat());
    let seen = after_handshake("integrity", 2, 2, &bad, "");
    assert!(seen.closed);
    assert!(seen.replies.is_empty());
}

#[test]
fn wrapped_lengths_are_limited_too() {
    // JN-010 inside a WRAP
    let client = FakeGss::default();
    handshake(&client, 4, 4, "");
    let bad = wrapped(&client, &[0x7f, 0xff, 0xff, 0xff], true);
    let seen = after_handshake("privacy", 4, 4, &bad, "");
    assert!(seen.closed);
    assert!(seen.replies.is_empty());
}

#[test]
fn a_wrap_inside_a_wrap_is_refused() {
    let client = FakeGss::default();
    handshake(&client, 2, 2, "");
    let inner = sasl(&[number(2, 5), bytes(3, "x")].concat());
    let seen = after_handshake("integrity", 2, 2, &wrapped(&client, &inner, false), "");
    assert!(seen.closed);
    assert!(String::from_utf8_lossy(&seen.replies).contains("Server is not wrapping data"));
}

#[test]
fn wrapping_begins_after_the_last_answer() {
    // JN-031
    let seen = after_handshake("integrity", 2, 2, b"", "");
    let last: Vec<&str> = seen.actions.iter().rev().take(3).map(String::as_str).collect();
    assert_eq!(last[0], "wrap");
    assert!(last[1].starts_with("reply"));
    assert_eq!(last[2], "authenticated");
}
