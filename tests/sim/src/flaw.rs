use clap::ValueEnum;
use journalnode::storage::disk::faulty::Lie;

/// A known bug, put in to see that the checks find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Flaw {
    /// Answers go out before what they tell is on the disk: no file is ever synced.
    ReplyBeforeSync,
    /// Names are not synced, so that a crash takes a rename back.
    SkipDirectorySync,
}

impl Flaw {
    /// The disk that makes a correct program behave so.
    pub(crate) fn lie(self) -> Lie {
        match self {
            Self::ReplyBeforeSync => Lie::FilesAreSynced,
            Self::SkipDirectorySync => Lie::DirectoriesAreSynced,
        }
    }
}
