use bytes::Bytes;

/// What is written of the NameNode that may be active (`ActiveBreadCrumb`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breadcrumb {
    /// An encoded [`ActiveNode`](crate::types::ActiveNode), unless someone else wrote it.
    pub data: Bytes,
    /// Counts the writes; a write or a deletion names the one it was decided on.
    pub version: i32,
}
