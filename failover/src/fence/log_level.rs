/// How loud a line of a fencing command is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogLevel {
    /// Standard output.
    Info,
    /// Standard error.
    Warn,
}
