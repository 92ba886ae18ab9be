use std::fmt;

/// What a session tells without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionEvent {
    /// The ensemble cannot be reached. The session may live on: only the ensemble can tell.
    Disconnected,
    /// It can be reached again and the session lives. What happened meanwhile must be asked for.
    Connected,
    /// The ensemble says that the session is over, and its lock with it.
    Expired,
    /// The ensemble does not take our credentials. The session is over.
    AuthFailed,
    /// The lock is gone.
    LockDeleted,
    /// The lock was written to, or the watch on it was lost: look again.
    LockChanged,
    /// Somebody took the lock.
    LockCreated,
}

impl SessionEvent {
    /// Whether no other event will follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Expired | Self::AuthFailed)
    }
}

impl fmt::Display for SessionEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disconnected => "disconnected",
            Self::Connected => "connected",
            Self::Expired => "session expired",
            Self::AuthFailed => "authentication failed",
            Self::LockDeleted => "lock deleted",
            Self::LockChanged => "lock changed",
            Self::LockCreated => "lock created",
        })
    }
}
