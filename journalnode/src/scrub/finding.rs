/// What came of looking at a finished segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is as it should be.
    Sound,
    /// It is what a peer has too; what had been recorded of it was not.
    NotRecorded,
    /// It is not what it was.
    Damaged {
        /// What is wrong with it.
        what: String,
        /// Why it still is; `None` if a peer's copy has replaced it.
        not_healed: Option<String>,
    },
    /// It could not be read now, which says nothing about it.
    Unknown(String),
    /// It was purged meanwhile.
    Gone,
    /// The process is ending.
    Stopped,
}

impl Finding {
    /// Whether it must be looked at again.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Damaged { not_healed: Some(_), .. })
    }
}
