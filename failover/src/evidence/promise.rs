/// What a majority of JournalNodes has promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Promise {
    /// The highest epoch that was promised before.
    pub(crate) before: i64,
    /// The new one.
    pub(crate) epoch: i64,
}
