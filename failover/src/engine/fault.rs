use std::fmt;

/// Why another controller did not do as asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// The Java exception class to hand on.
    pub java_class: String,
    /// What happened.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
