use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use hadoop_ipc::server::{Action, CloseReason, Connection, ConnectionSettings};

/// Longest packet that the connection under test takes, in bytes.
pub(super) const LIMIT_BYTES: usize = 40 * 1024;

/// What a connection did with a stream of bytes, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Reply(Bytes),
    Wrap,
    Established(Option<String>),
    Dispatch { user: Option<String>, body: Bytes },
    Authenticated,
    Failed,
    Close(CloseReason),
}

/// Feeds a stream in pieces of `size` bytes and allows whoever asks.
pub(super) fn converse(settings: &ConnectionSettings, stream: &[u8], size: usize) -> Vec<Step> {
    let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    let mut connection = Connection::new(settings.clone(), peer);
    let mut steps = Vec::new();
    for mut piece in stream.chunks(size) {
        while !piece.is_empty() {
            let taken = connection.push(piece);
            assert!(taken > 0, "a connection without room");
            piece = &piece[taken..];
            drain(&mut connection, &mut steps);
            if matches!(steps.last(), Some(Step::Close(_))) {
                return steps;
            }
        }
    }
    steps
}

fn drain(connection: &mut Connection, steps: &mut Vec<Step>) {
    while let Some(action) = connection.next_action() {
        assert!(!matches!(steps.last(), Some(Step::Close(_))), "something follows the end");
        steps.push(match action {
            Action::Authorize(_) => {
                connection.authorized(Ok(()));
                continue;
            }
            Action::Reply(response) => Step::Reply(response.to_bytes()),
            Action::Wrap(_) => Step::Wrap,
            Action::Dispatch(call) => {
                Step::Dispatch { user: call.caller.user.clone(), body: call.body }
            }
            Action::Established(caller) => Step::Established(caller.user.clone()),
            Action::Authenticated => Step::Authenticated,
            Action::AuthenticationFailed | Action::AuthorizationFailed => Step::Failed,
            Action::Close(reason) => Step::Close(reason),
        });
    }
}
