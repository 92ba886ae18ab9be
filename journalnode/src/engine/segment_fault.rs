/// What a failed append or close left of the open segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentFault {
    /// Whether the file was cut back to its last synced batch, durably. If not, nobody can
    /// say what it holds.
    pub tail_restored: bool,
    /// Whether it is still open, so that the batch may come again. Never after a failed sync.
    pub still_open: bool,
}
