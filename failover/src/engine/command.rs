use super::{Call, CallNo, Refusal, RequestNo, SessionNo, Time, Timer};

/// What to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Open a session with ZooKeeper, answered by `SessionOpened` or `SessionNotOpened`.
    OpenSession(SessionNo),
    /// End it, or stop opening it; the lock is free at once.
    CloseSession(SessionNo),
    /// Forget it but let it live, for the next process to resume.
    DetachSession(SessionNo),
    /// Ask; the answer carries the number.
    Call(CallNo, Call),
    /// Stop fencing, and end every process of it. No answer is waited for.
    AbortFence(CallNo),
    /// Log the threads of the own NameNode. Nothing waits for it.
    DumpStacks,
    /// Give [`Event::Timer`](super::Event::Timer) at this time.
    SetTimer(Timer, Time),
    /// Answer a caller.
    Reply(RequestNo, Result<(), Refusal>),
    /// End the process.
    Exit {
        /// The exit code.
        code: u8,
        /// Why, for the log.
        text: String,
    },
}
