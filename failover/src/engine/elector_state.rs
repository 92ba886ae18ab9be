use std::fmt;

/// Where a node stands in the election (`ActiveStandbyElector.State`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElectorState {
    /// Not in it.
    Init,
    /// It holds the lock and its NameNode was told to be active.
    Active,
    /// Another holds the lock and its own NameNode was told to be standby.
    Standby,
    /// Nobody knows who holds the lock. The NameNode is left alone.
    Neutral,
}

impl fmt::Display for ElectorState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Init => "INIT",
            Self::Active => "ACTIVE",
            Self::Standby => "STANDBY",
            Self::Neutral => "NEUTRAL",
        })
    }
}
