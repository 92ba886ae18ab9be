use std::{io, sync::Arc, time::Duration};

use hadoop_proto::{DecodeError, common::rpc_response_header_proto::RpcErrorCodeProto};
use thiserror::Error;

use super::{Closed, Target};
use crate::{call::RpcException, frame::FrameError};

/// What the server threw.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{exception}")]
pub struct RemoteException {
    /// Java class and message.
    pub exception: RpcException,
    /// Which layer failed, if the server said.
    pub code: Option<RpcErrorCodeProto>,
    /// The server closed the connection with it: every call in flight failed.
    pub fatal: bool,
}

/// Why a call has no answer. Unless it says otherwise, the server may have done the call.
#[derive(Debug, Clone, Error)]
pub enum ClientError {
    /// The server refused.
    #[error(transparent)]
    Remote(RemoteException),
    /// There was no connection: the server did not see the call.
    #[error("cannot connect to {target}: {source}")]
    Connect {
        /// Who could not be reached.
        target: Target,
        /// What the system said; `TimedOut` if nothing.
        source: Arc<io::Error>,
    },
    /// No answer in time.
    #[error("no answer from {target} within {after:?}")]
    Timeout {
        /// Who did not answer.
        target: Target,
        /// The limit.
        after: Duration,
    },
    /// The connection broke while the call was on it.
    #[error("connection closed: {0}")]
    Closed(Closed),
    /// A reply is longer than allowed.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A reply is not what it should be.
    #[error("malformed response: {0}")]
    Malformed(Arc<str>),
}

impl ClientError {
    pub(super) fn closed(reason: impl Into<Arc<str>>) -> Self {
        Self::Closed(Closed::here(reason))
    }

    pub(super) fn malformed(reason: impl Into<Arc<str>>) -> Self {
        Self::Malformed(reason.into())
    }
}

impl From<DecodeError> for ClientError {
    fn from(error: DecodeError) -> Self {
        Self::malformed(error.to_string())
    }
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        Self::Closed(error.into())
    }
}
