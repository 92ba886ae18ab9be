use std::fmt;

use crate::types::Health;

/// Why a node leaves the election.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaving {
    /// Its NameNode is not well.
    Health(Health),
    /// Its NameNode is an observer.
    Observer,
    /// Its NameNode is not what it was told to be.
    Mismatch,
    /// It was asked to.
    Ceding,
    /// The process ends.
    Stopping,
}

impl fmt::Display for Leaving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Health(health) => write!(f, "the NameNode is {health}"),
            Self::Observer => f.write_str("the NameNode is an observer"),
            Self::Mismatch => f.write_str("the NameNode is not what it was told to be"),
            Self::Ceding => f.write_str("asked to cede"),
            Self::Stopping => f.write_str("the controller stops"),
        }
    }
}
