/// What came back from a command on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remote {
    /// It ended.
    Exited {
        /// Exit status; never 127.
        status: i32,
        /// Standard output.
        stdout: String,
        /// Standard error.
        stderr: String,
    },
    /// Status 127: the shell found no such program.
    NoSuchCommand,
    /// A signal ended it, or the connection broke: nothing is known.
    Lost(String),
}

impl Remote {
    /// The output, of a command that ended with 0.
    pub(super) fn success(self) -> Option<String> {
        match self {
            Self::Exited { status: 0, stdout, .. } => Some(stdout),
            _ => None,
        }
    }

    /// In few words, for reasons.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::Exited { status, stderr, .. } => match stderr.lines().last() {
                Some(line) => format!("exit status {status} ({})", line.trim()),
                None => format!("exit status {status}"),
            },
            Self::NoSuchCommand => "not there (exit status 127)".to_owned(),
            Self::Lost(why) => why.clone(),
        }
    }
}
