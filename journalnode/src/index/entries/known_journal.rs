use prost::Message;

use crate::types::StorageInfo;

/// Which namespace a journal belonged to when it was last followed. What was noted of the files
/// of another one says nothing about files of the same name now.
#[derive(Clone, PartialEq, Message)]
pub(in crate::index) struct KnownJournal {
    #[prost(sint32, tag = "1")]
    namespace_id: i32,
    #[prost(string, tag = "2")]
    cluster_id: String,
}

impl KnownJournal {
    pub(in crate::index) fn of(namespace: &StorageInfo) -> Self {
        Self { namespace_id: namespace.namespace_id, cluster_id: namespace.cluster_id.clone() }
    }
}
