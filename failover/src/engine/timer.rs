/// What a timer is for. There is one of each: a later setting replaces an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timer {
    /// Look again whether to be in the election.
    Recheck,
    /// Join again after a failed attempt.
    Rejoin,
    /// Try again to open a session.
    Reopen,
    /// Ask again for the lock after lost connections.
    RetryLock,
    /// Others had their chance; go for the lock.
    FlapGuard,
    /// Enough waited for controllers that are not the active's.
    CedePeers,
    /// A graceful failover takes too long.
    Graceful,
    /// A stop takes too long.
    Stop,
}
