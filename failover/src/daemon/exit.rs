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
}

impl Exit {
    /// The status that the parent process sees.
    pub fn status(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Terminated => 143,
            Self::Interrupted => 130,
            Self::HungUp => 129,
        }
    }
}
