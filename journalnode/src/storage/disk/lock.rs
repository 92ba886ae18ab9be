use std::fmt::Debug;
use std::io;
use std::os::fd::OwnedFd;

/// A held file lock. Dropping it removes the lock file and gives the lock back.
pub trait HeldLock: Debug + Send + Sync {
    /// A second descriptor of the lock, for another process: the lock is held as long as one of
    /// the two has its own.
    fn share(&self) -> io::Result<OwnedFd> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Drops the descriptor and leaves the file: another process has the lock.
    fn leave(&mut self) {}

    /// Makes a lock that was [adopted](super::Disk::adopt_lock) this process's own: the file
    /// says so, and goes when the lock does.
    fn take_up(&mut self, _owner: &str) -> io::Result<()> {
        Ok(())
    }
}

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
