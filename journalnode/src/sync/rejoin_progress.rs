/// How far a node that lost its directory has got on its way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RejoinProgress {
    /// What it waits for, in words.
    pub waiting_for: String,
    /// Segments that were fetched.
    pub segments: u64,
    /// Of how many that are known to be needed.
    pub needed: u64,
}
