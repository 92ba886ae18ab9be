use std::fmt;

use super::SshLogin;
use crate::fence::FenceConfigError;

/// One line of `dfs.ha.fencing.methods`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fence) enum Method {
    /// `shell(COMMAND)`.
    Shell {
        /// As written.
        command: String,
    },
    /// `sshfence`, `sshfence(…)`.
    Ssh {
        /// As written.
        text: String,
        /// What the argument says.
        login: SshLogin,
    },
}

impl Method {
    /// A line without its comment. Java: `NodeFencer.createFenceMethod`.
    pub(super) fn parse(line: &str) -> Result<Self, FenceConfigError> {
        let unreadable = || FenceConfigError::Unreadable { line: line.to_owned() };
        let (name, argument) = match line.split_once('(') {
            None => (line, None),
            Some((name, rest)) => (name, Some(rest.strip_suffix(')').ok_or_else(unreadable)?)),
        };
        if !is_name(name) || argument.is_some_and(|text| !is_argument(text)) {
            return Err(unreadable());
        }
        match name {
            "shell" | "org.apache.hadoop.ha.ShellCommandFencer" => {
                let command = argument.ok_or(FenceConfigError::NoCommand)?.to_owned();
                Ok(Self::Shell { command })
            }
            "sshfence" | "org.apache.hadoop.ha.SshFenceByTcpPort" => {
                Ok(Self::Ssh { text: line.to_owned(), login: SshLogin::parse(argument)? })
            }
            _ => Err(FenceConfigError::UnknownMethod { name: name.to_owned() }),
        }
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'$';
    !text.is_empty() && text.bytes().all(allowed)
}

/// The dot of Java's patterns matches no end of a line, of whatever kind.
fn is_argument(text: &str) -> bool {
    !text.is_empty() && !text.contains(['\r', '\n', '\u{85}', '\u{2028}', '\u{2029}'])
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shell { command } => write!(f, "shell({command})"),
            Self::Ssh { text, .. } => f.write_str(text),
        }
    }
}
