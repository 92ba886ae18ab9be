use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;

use super::Caller;
use crate::{
    call::{Response, ResponseTo},
    frame::FrameError,
    sasl::{SaslError, Wrapper},
};

/// What a [`Connection`](super::Connection) wants done, in this order.
pub enum Action {
    /// Write a reply that answers the connection rather than a call.
    Reply(Response),
    /// Wrap everything written after this.
    Wrap(Arc<dyn Wrapper>),
    /// Ask whether the caller may speak its protocol, and report back with
    /// [`Connection::authorized`](super::Connection::authorized). Nothing follows until then.
    Authorize(Arc<Caller>),
    /// Run a call and write its reply whenever it is done.
    Dispatch(IncomingCall),
    /// The connection's user is known and allowed.
    Established(Arc<Caller>),
    /// A negotiation ended well.
    Authenticated,
    /// A negotiation ended badly; `Reply` and `Close` are next.
    AuthenticationFailed,
    /// The user may not do this; `Reply` and `Close` are next.
    AuthorizationFailed,
    /// Close the connection. What was written before leaves first. Nothing follows.
    Close(CloseReason),
}

/// A call as it came in, its body not yet looked at.
pub struct IncomingCall {
    /// What the reply echoes.
    pub to: ResponseTo,
    /// The packet after its RPC header: the delimited method header and request.
    pub body: Bytes,
    /// Who calls.
    pub caller: Arc<Caller>,
}

/// Why the server hangs up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CloseReason {
    /// The client was told by a FATAL reply.
    #[error("{0}")]
    Fatal(String),
    /// A web browser came to the wrong port.
    #[error("HTTP request on the RPC port")]
    Http,
    /// The client speaks something else.
    #[error("client speaks RPC version {0}")]
    BadVersion(i8),
    /// The length field makes no sense, or the frame is too long.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A wrapped packet is not what the client wrapped.
    #[error("cannot unwrap a packet: {0}")]
    Unwrap(SaslError),
    /// The connection context names a user without a name.
    #[error("empty user name in the connection context")]
    EmptyUser,
}
