/// How to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// Give the lock to another controller at once (SIGTERM).
    HandOver,
    /// Leave the session to be resumed by the next process; the NameNode stays as it is.
    Detach,
}
