use std::io;
use std::process::ExitCode;

/// How a tool ended: what a script goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToolExit {
    /// Nothing to report.
    Clean,
    /// It did its work and found something wrong.
    Found,
    /// It could not do its work, or was asked for something it does not do.
    Failed,
}

impl ToolExit {
    /// The exit status of the process.
    pub fn status(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::Failed => 2,
        }
    }

    /// The exit of a tool of `program` whose output may have failed: a reader that went away
    /// (`| head`) is nothing to speak of.
    pub fn of(program: &str, done: io::Result<Self>) -> Self {
        done.unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::BrokenPipe {
                eprintln!("{program}: cannot write the output: {error}");
            }
            Self::Failed
        })
    }
}

impl From<ToolExit> for ExitCode {
    fn from(exit: ToolExit) -> Self {
        Self::from(exit.status())
    }
}
