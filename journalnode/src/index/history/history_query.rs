/// Which part of a history to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The events behind the one with this number, oldest first; `None` for the newest ones.
    pub after: Option<u64>,
    /// How many at most.
    pub limit: usize,
}
