//! The connection machine without a socket: any bytes in any chunks.

use std::net::SocketAddr;

use hadoop_ipc::{
    frame::{FIRST_RESERVE_BYTES, INBOX_BYTES},
    server::{Action, Connection, ConnectionSettings},
};
use proptest::prelude::*;

use super::{kerberos::factory, refusals::cases, wire::*};

/// Everything a machine wanted done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub actions: Vec<String>,
    pub replies: Vec<u8>,
    pub closed: bool,
}

pub fn settings(kerberos: bool) -> ConnectionSettings {
    ConnectionSettings {
        max_data_length_bytes: 128 * 1024 * 1024,
        mechanism: kerberos.then(|| factory("authentication")),
        authorize: false,
    }
}

pub fn connection(settings: ConnectionSettings) -> Connection {
    Connection::new(settings, SocketAddr::from(([127, 0, 0, 1], 9)))
}

/// Feeds `input` in chunks of the given sizes, repeated.
pub fn drive(kerberos: bool, input: &[u8], sizes: &[usize]) -> Seen {
    let mut machine = connection(settings(kerberos));
    let mut seen = Seen::default();
    let mut rest = input;
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() && !seen.closed {
        let size = (*sizes.next().unwrap()).clamp(1, rest.len());
        let taken = machine.push(&rest[..size]);
        rest = &rest[taken..];
        while let Some(action) = machine.next_action() {
            seen.note(action);
        }
        let bound = 2 * input.len() + FIRST_RESERVE_BYTES + 4 * INBOX_BYTES;
        assert!(machine.allocated_bytes() <= bound);
    }
    assert!(machine.next_action().is_none());
    seen
}

impl Seen {
    pub fn note(&mut self, action: Action) {
        assert!(!self.closed, "nothing follows a close");
        let text = match action {
            Action::Reply(reply) => {
                self.replies.extend_from_slice(&reply.to_bytes());
                format!("reply {:?}", reply.to_bytes())
            }
            Action::Wrap(_) => "wrap".into(),
            Action::Authorize(caller) => format!("authorize {caller:?}"),
            Action::Dispatch(call) => format!("dispatch {:?} {:?}", call.to, call.body),
            Action::Established(caller) => format!("established {caller:?}"),
            Action::Authenticated => "authenticated".into(),
            Action::AuthenticationFailed => "authentication failed".into(),
            Action::AuthorizationFailed => "authorization failed".into(),
            Action::Close(reason) => {
                self.closed = true;
                format!("close {reason}")
            }
        };
        self.actions.push(text);
    }
}

#[test]
fn pings_before_and_after_the_context_are_silent() {
    // JN-016
    let input = [NONE.to_vec(), ping(), context(None), ping()].concat();
    let seen = drive(false, &input, &[usize::MAX]);
    assert!(seen.replies.is_empty());
    assert!(!seen.closed);
}

#[test]
fn a_frame_of_exactly_the_limit_is_accepted() {
    // JN-010
    let input = [NONE.to_vec(), context(None), call(0, "echo", &[1; 500])].concat();
    let longest = call(0, "echo", &[1; 500]).len() - 4;
    for (limit, closed) in [(longest, false), (longest - 1, true)] {
        let settings = ConnectionSettings { max_data_length_bytes: limit, ..settings(false) };
        let mut machine = connection(settings);
        machine.push(&input);
        let mut seen = Seen::default();
        while let Some(action) = machine.next_action() {
            seen.note(action);
        }
        assert_eq!(seen.closed, closed);
        assert!(seen.replies.is_empty());
    }
}

#[test]
fn nothing_happens_while_the_verdict_is_out() {
    let mut machine = connection(ConnectionSettings { authorize: true, ..settings(false) });
    machine.push(&[NONE.to_vec(), context(Some("hdfs")), call(0, "echo", b"")].concat());
    let Some(Action::Authorize(caller)) = machine.next_action() else { panic!("not asked") };
    assert_eq!(caller.user.as_deref(), Some("hdfs"));
    assert!(machine.next_action().is_none());
    machine.authorized(Ok(()));
    assert!(matches!(machine.next_action(), Some(Action::Established(_))));
    assert!(matches!(machine.next_action(), Some(Action::Dispatch(_))));
}

#[test]
fn a_refused_user_is_told_on_the_context() {
    // JN-035: the reply; who is refused is the policy's business.
    let mut machine = connection(ConnectionSettings { authorize: true, ..settings(false) });
    machine.push(&[NONE.to_vec(), context(Some("eve")), call(0, "echo", b"")].concat());
    machine.next_action();
    machine.authorized(Err("no".into()));
    let mut seen = Seen::default();
    while let Some(action) = machine.next_action() {
        seen.note(action);
    }
    let class = "org.apache.hadoop.security.authorize.AuthorizationException";
    assert_eq!(seen.replies, fatal((-3, b"", -1), (15, class, "no")));
    assert!(seen.closed);
}

/// Streams that get somewhere: valid packets, broken ones, and junk.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(context(Some("hdfs"))),
        Just(ping()),
        any::<i32>().prop_map(|id| call(id, "echo", &[9; 100])),
        Just(call(1, "echo", &[9; 40_000])),
        prop::collection::vec(any::<u8>(), 0..60).prop_map(|junk| framed(&[&junk])),
        prop::collection::vec(any::<u8>(), 0..60).prop_map(|junk| sasl(&junk)),
        (0..6_u64).prop_map(|state| sasl(&[number(2, state), bytes(3, "t")].concat())),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    let preamble = prop_oneof![
        4 => Just(NONE.to_vec()),
        4 => Just(SASL.to_vec()),
        1 => prop::collection::vec(any::<u8>(), 7),
    ];
    (preamble, prop::collection::vec(piece, 0..6))
        .prop_map(|(preamble, pieces)| [preamble, pieces.concat()].concat())
}

proptest! {
    #[test]
    fn chunking_never_changes_the_actions(
        kerberos: bool,
        input in stream(),
        sizes in prop::collection::vec(1..3000_usize, 1..6),
    ) {
        let whole = drive(kerberos, &input, &[usize::MAX]);
        prop_assert_eq!(drive(kerberos, &input, &sizes), whole);
    }

    #[test]
    fn any_bytes_are_survived(kerberos: bool, input in prop::collection::vec(any::<u8>(), 0..300)) {
        drive(kerberos, &input, &[7]);
    }
}

#[test]
fn refusals_do_not_depend_on_chunks() {
    for case in cases() {
        let whole = drive(case.kerberos, &case.input, &[usize::MAX]);
        assert_eq!(drive(case.kerberos, &case.input, &[1]), whole, "{}", case.name);
    }
}
