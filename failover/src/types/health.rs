use std::fmt;

/// How a NameNode is, as its controller sees it (`HealthMonitor.State`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Health {
    /// Not checked yet.
    Initializing,
    /// It answers and is well.
    Healthy,
    /// It answers that it is not well.
    Unhealthy,
    /// It does not answer as it should.
    NotResponding,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Initializing => "INITIALIZING",
            Self::Healthy => "SERVICE_HEALTHY",
            Self::Unhealthy => "SERVICE_UNHEALTHY",
            Self::NotResponding => "SERVICE_NOT_RESPONDING",
        })
    }
}
