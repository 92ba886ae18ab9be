use super::SessionId;

/// Who holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LockOwner {
    /// The session that the lock lives with.
    pub session: SessionId,
    /// Counts the writes to the lock.
    pub version: i32,
    /// Transaction that created the lock: differs between two locks of the same session.
    pub czxid: i64,
}

impl LockOwner {
    /// Version of a lock that was created and written once since.
    pub(crate) const MARKED: i32 = 1;
}
