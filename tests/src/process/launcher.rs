use std::ffi::{OsStr, OsString};
use std::process::Command;

/// Where a command runs: on this machine, or inside the namespaces of a lab host.
#[derive(Debug, Clone, Default)]
pub struct Launcher {
    prefix: Vec<OsString>,
}

impl Launcher {
    /// Commands on this machine as it is.
    pub fn here() -> Self {
        Self::default()
    }

    /// Commands run through `prefix`, a program that ends in exec of its remaining arguments.
    pub fn through<S: AsRef<OsStr>>(prefix: impl IntoIterator<Item = S>) -> Self {
        Self { prefix: prefix.into_iter().map(|word| word.as_ref().to_owned()).collect() }
    }

    /// The same place, by way of another program that ends in exec of its remaining arguments.
    pub fn then<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        Self { prefix: self.prefix.iter().cloned().chain(words).collect() }
    }

    /// What goes in front of a command.
    pub fn prefix(&self) -> &[OsString] {
        &self.prefix
    }

    /// A command that dies with the thread that starts it.
    ///
    /// A test runner that is killed runs no destructors; setpriv asks the kernel to do their work,
    /// and every prefix execs, so the child's pid is the daemon's.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).args(&self.prefix).arg(program);
        command
    }
}
