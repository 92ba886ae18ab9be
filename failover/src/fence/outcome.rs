use std::fmt;

/// What became of one attempt to fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The old NameNode is gone; the text is the proof.
    Fenced(String),
    /// It may still be there; the text says why that is not known better, and what to do.
    NotFenced(String),
}

impl Outcome {
    /// Whether the old NameNode is gone.
    pub fn is_fenced(&self) -> bool {
        matches!(self, Self::Fenced(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fenced(proof) => write!(f, "fenced: {proof}"),
            Self::NotFenced(why) => write!(f, "not fenced: {why}"),
        }
    }
}
