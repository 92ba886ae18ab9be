use super::LayoutVersion;

/// Which namespace a journal belongs to: the content of `current/VERSION`, and the part of
/// `NamespaceInfo` that a JournalNode keeps (`StorageInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StorageInfo {
    /// As the NameNode that formatted or upgraded the journal said.
    pub layout_version: LayoutVersion,
    /// Never 0 in a formatted journal.
    pub namespace_id: i32,
    /// Such as `CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5`.
    pub cluster_id: String,
    /// When the namespace was formatted or upgraded, in milliseconds of the Unix epoch.
    pub c_time: i64,
}
