use std::fmt;

use super::Problem;

/// How bad a finding is. Everything but a note makes the exit status 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// May heal by itself, or be as it should: look at it.
    Attention,
    /// Not what a JournalNode wrote.
    Damage,
    /// Not known, since it could not be read.
    Unreadable,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Attention => "attention",
            Self::Damage => "damage",
            Self::Unreadable => "unreadable",
        })
    }
}

/// A problem, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, from the journal's directory on; empty for the directory itself.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
    /// How bad it is here: a running JournalNode makes some of it harmless.
    pub severity: Severity,
}

impl Finding {
    /// A problem at a file.
    pub fn new(path: impl Into<String>, problem: Problem) -> Self {
        let severity = problem.severity();
        Self { path: path.into(), problem, severity }
    }

    /// The same, if somebody may be writing to the end of the file right now.
    #[must_use]
    pub fn while_written(mut self, written: bool) -> Self {
        if written && self.problem.is_of_the_tail() {
            self.severity = Severity::Note;
        }
        self
    }
}
