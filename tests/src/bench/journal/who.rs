use std::fmt;

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Hadoop's JournalNode.
    Java,
    /// Ours.
    Ours,
    /// Ours once more, beside itself: the control.
    Again,
    /// What the disk alone takes.
    Floor,
    /// Ours on a directory without segments.
    Empty,
}

impl Who {
    /// As JSON names it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Java => "java",
            Self::Ours => "journalnode",
            Self::Again => "journalnode_again",
            Self::Floor => "floor",
            Self::Empty => "journalnode_empty",
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Java => "Java 3.4.3",
            Self::Ours => "journalnode",
            Self::Again => "once more",
            Self::Floor => "the disk",
            Self::Empty => "ours, empty",
        })
    }
}
