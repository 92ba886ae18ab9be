use std::fmt;

/// What came of a damaged segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Replaced by the copy of a peer; the bad file is kept beside it.
    Healed,
    /// None was needed in the end.
    NotNeeded,
    /// It stays as it is for now, and is tried again.
    Kept(Kept),
}

/// Why nobody could help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// No other node is known.
    Alone,
    /// Nobody has a copy, and what each peer said.
    NoCopy(Vec<String>),
    /// Copies differ, and no majority has the same.
    Disagreement,
    /// This node could not do its part.
    Failed(String),
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alone => f.write_str(
                "no other JournalNode to ask (dfs.namenode.shared.edits.dir, \
                 dfs.journalnode.enable.sync)",
            ),
            Self::NoCopy(said) => write!(f, "no peer has a good copy ({})", said.join("; ")),
            Self::Disagreement => f.write_str(
                "the copies of the peers differ and no majority has the same: compare them with \
                 `journalnode verify` and `md5sum`",
            ),
            Self::Failed(why) => f.write_str(why),
        }
    }
}
