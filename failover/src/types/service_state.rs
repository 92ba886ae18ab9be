use std::fmt;

use hadoop_proto::common::HaServiceStateProto;

/// What a NameNode says it is (`HAServiceState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ServiceState {
    /// Starting or stopping, or something newer than this program.
    Initializing,
    /// Serves writers.
    Active,
    /// Follows the log, ready to become active.
    Standby,
    /// Follows the log and serves readers; takes no part in elections.
    Observer,
}

impl ServiceState {
    /// From the wire; numbers that are not known count as initializing, as in Java.
    pub fn from_wire(state: i32) -> Self {
        match HaServiceStateProto::try_from(state) {
            Ok(HaServiceStateProto::Active) => Self::Active,
            Ok(HaServiceStateProto::Standby) => Self::Standby,
            Ok(HaServiceStateProto::Observer) => Self::Observer,
            Ok(HaServiceStateProto::Initializing) | Err(_) => Self::Initializing,
        }
    }
}

impl fmt::Display for ServiceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Initializing => "initializing",
            Self::Active => "active",
            Self::Standby => "standby",
            Self::Observer => "observer",
        })
    }
}
