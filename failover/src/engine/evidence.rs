use super::Time;
use crate::types::NameNodeId;

/// What speaks for the death of an old active that cannot be fenced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The old active.
    pub node: NameNodeId,
    /// The epoch that it wrote with.
    pub written_epoch: i64,
    /// What a majority of JournalNodes has promised, read after the breadcrumb was.
    pub promised_epoch: i64,
    /// None of the host's ports has answered since then.
    pub silent_since: Time,
}
