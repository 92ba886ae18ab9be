use thiserror::Error;

use crate::call::{RpcException, class_name};

/// Why a negotiation failed. The client is told, and its connection closed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SaslError {
    /// Java's `SaslException`: bad tokens, messages out of turn.
    #[error("{0}")]
    Sasl(String),
    /// Java's `AccessControlException`: a way to authenticate that is not offered.
    #[error("{0}")]
    AccessControl(String),
}

impl SaslError {
    /// A `SaslException`.
    pub fn sasl(message: impl Into<String>) -> Self {
        Self::Sasl(message.into())
    }

    /// What a Kerberos mechanism says of a token it cannot accept, whatever the reason.
    pub fn gss_initiate_failed() -> Self {
        Self::sasl("GSS initiate failed")
    }

    /// The exception a Java client reads.
    pub fn exception(&self) -> RpcException {
        let class = match self {
            Self::Sasl(_) => class_name::SASL,
            Self::AccessControl(_) => class_name::ACCESS_CONTROL,
        };
        RpcException::new(class, self.to_string())
    }
}
