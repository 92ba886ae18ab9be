use crate::types::StorageInfo;

/// Which namespace a client belongs to, as it tells the nodes (`NamespaceInfo`). They keep and
/// compare `storage` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceInfo {
    /// Must be the journal's. Its layout version is that of the segments to be written.
    pub storage: StorageInfo,
    /// Such as `BP-1907-127.0.0.1-1763900000000`; empty for tools.
    pub block_pool_id: String,
    /// Such as `3.4.3`.
    pub software_version: String,
}

impl NamespaceInfo {
    /// Of a tool that knows no more than what a JournalNode's `VERSION` tells.
    pub fn of_storage(storage: StorageInfo) -> Self {
        let software_version = env!("CARGO_PKG_VERSION").to_owned();
        Self { storage, block_pool_id: String::new(), software_version }
    }
}
