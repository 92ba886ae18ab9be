/// What is wrong with a finished segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SegmentDamage {
    /// What was found, and where.
    pub what: String,
    /// Whether it is neither listed nor served: nobody could read it to its end. A segment
    /// that only differs from what was recorded of it is served until a peer's copy shows
    /// which of the two is wrong.
    pub withheld: bool,
}
