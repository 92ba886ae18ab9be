/// How the index of a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexStatus {
    /// There is none, and why.
    Off(String),
    /// It answers, and is being filled from the segments on disk.
    Rebuilding {
        /// Segments read so far.
        segments: u64,
        /// Of how many.
        of: u64,
    },
    /// It knows every segment.
    Ready,
}
