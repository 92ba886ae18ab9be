use crate::engine::Stop;

/// Why the process ends, with the exit status that Java's controller would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It could not go on.
    Failed,
    /// SIGTERM.
    Terminated,
    /// SIGINT.
    Interrupted,
    /// SIGHUP.
    HungUp,
    /// SIGUSR2: the next process takes over, and the NameNode stays active meanwhile.
    Replaced,
}

impl Exit {
    /// How the controller stops then.
    pub(super) fn stop(self) -> Stop {
        match self {
            Self::Replaced => Stop::Detach,
            _ => Stop::HandOver,
        }
    }

    /// The status that the parent process sees.
    pub fn status(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Terminated => 143,
            Self::Interrupted => 130,
            Self::HungUp => 129,
            Self::Replaced => 140,
        }
    }
}
