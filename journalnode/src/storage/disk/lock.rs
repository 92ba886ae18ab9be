use std::fmt::Debug;

/// A held file lock. Dropping it removes the lock file and gives the lock back.
pub trait HeldLock: Debug + Send + Sync {}

/// What came of an attempt to lock.
#[derive(Debug)]
pub enum LockAttempt {
    /// It is ours until dropped.
    Held(Box<dyn HeldLock>),
    /// Another has it.
    Busy {
        /// What the owner wrote into the file: `pid@host`.
        owner: String,
    },
}
