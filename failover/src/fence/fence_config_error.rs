use thiserror::Error;

/// Why no [`Fencer`](super::Fencer) comes of a configuration. The controller does not start with
/// such a value of its own NameNode.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FenceConfigError {
    /// Nothing is configured, or comments only.
    #[error(
        "dfs.ha.fencing.methods names no method, so this controller can never fence an old active \
         NameNode and never take over from one that crashed: set it, for example to sshfence"
    )]
    NoMethods,
    /// A line that is not `NAME` or `NAME(ARGUMENT)`.
    #[error(
        "dfs.ha.fencing.methods: {line:?} is not NAME or NAME(ARGUMENT); write one method a line, \
         and no '#' in an argument: the rest of the line is a comment"
    )]
    Unreadable {
        /// The line, without its comment.
        line: String,
    },
    /// A method of Java's, or a spelling mistake.
    #[error(
        "dfs.ha.fencing.methods: {name:?} is neither sshfence nor shell (names are \
         case-sensitive); other classes and powershell cannot run here, call a script by \
         shell(/path/to/script) instead"
    )]
    UnknownMethod {
        /// What the line names.
        name: String,
    },
    /// `shell` alone.
    #[error("dfs.ha.fencing.methods: shell needs a command: shell(/path/to/script)")]
    NoCommand,
    /// The argument of `sshfence`.
    #[error(
        "dfs.ha.fencing.methods: sshfence({argument}): the argument is USER, :PORT or USER:PORT, \
         with a port from 1 to 65535"
    )]
    BadUserPort {
        /// What stands in the brackets.
        argument: String,
    },
    /// A key whose value cannot be used.
    #[error("{key} = {value:?} is not valid: expected {expected}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The configuration itself cannot be read.
    #[error("{0}")]
    Conf(String),
}
