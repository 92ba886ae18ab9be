use super::RpcException;

/// Why a handler has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The protocol has no method of that name; the server words the reply.
    #[error("no such method")]
    NoSuchMethod,
    /// What Java's handler would have thrown.
    #[error(transparent)]
    Exception(#[from] RpcException),
}
