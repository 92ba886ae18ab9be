use crate::types::SegmentFile;

/// A segment that is not as it should be, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub segment: SegmentFile,
    /// What is wrong with it, and where.
    pub what: String,
    /// What was done about it.
    pub remedy: Remedy,
}

/// What was done about a damaged segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Replaced by the copy of a peer; the bad file is kept beside it.
    Healed {
        /// The peer.
        from: String,
    },
    /// None was needed in the end.
    NotNeeded {
        /// Why.
        why: String,
    },
    /// It stays as it is for now, and is tried again.
    Kept {
        /// Why no peer could help.
        why: String,
    },
}
