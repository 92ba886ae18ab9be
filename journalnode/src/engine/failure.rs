use thiserror::Error;

use super::{Fault, Refusal};

/// Why a request did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The protocol says no. Expected, and no sign of damage.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk or a peer failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Failure {
    /// The Java exception class to answer with.
    pub fn java_class(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.java_class(),
            Self::Fault(fault) => fault.java_class,
        }
    }
}
