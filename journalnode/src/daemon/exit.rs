/// Why the process ends, with the exit status that Java's JournalNode would have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It could not start.
    StartFailed,
    /// SIGTERM.
    Terminated,
    /// SIGINT.
    Interrupted,
    /// Another process goes on in its place.
    Replaced,
}

impl Exit {
    /// The status that the parent process sees.
    pub fn status(self) -> u8 {
        match self {
            Self::StartFailed => 255,
            Self::Terminated => 143,
            Self::Interrupted => 130,
            Self::Replaced => 0,
        }
    }
}
