/// What a session with ZooKeeper tells by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionEvent {
    /// The connection is there (again).
    Connected,
    /// The connection is gone; the session may live on.
    Disconnected,
    /// The ensemble ended the session. Only its own word counts, not a local clock.
    Expired,
    /// The ensemble does not take the credentials.
    AuthFailed,
    /// The watched lock was deleted.
    LockDeleted,
    /// The watched lock was created or its data changed.
    LockChanged,
}
