use std::fmt;

/// Why the shell could not find something out or do something: a failed disk, an unreachable
/// peer. The engine only hands it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The Java exception class to answer with.
    pub java_class: &'static str,
    /// What happened, to what, and what to do.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
