use std::fmt;

/// What is done to the active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// kill -9 of the NameNode.
    KillNameNode,
    /// kill -9 of the NameNode and of its controller.
    KillBoth,
    /// SIGSTOP of the NameNode.
    Freeze,
    /// SIGTERM of the controller.
    StopController,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KillNameNode => "kill -9 of the NameNode",
            Self::KillBoth => "kill -9 of NameNode and controller",
            Self::Freeze => "frozen NameNode",
            Self::StopController => "planned stop of the controller",
        })
    }
}

/// How the old active is fenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fencing {
    /// `sshfence`, with a real sshd.
    Ssh,
    /// A shell method that says yes at once.
    Shell,
}

impl fmt::Display for Fencing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ssh => "sshfence",
            Self::Shell => "shell",
        })
    }
}
