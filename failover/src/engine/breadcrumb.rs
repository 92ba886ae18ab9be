use bytes::Bytes;

/// The breadcrumb as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Breadcrumb {
    /// An [`ActiveNode`](crate::types::ActiveNode), if all is well.
    pub data: Bytes,
    /// Version of the znode: what the next write or delete expects.
    pub version: i32,
}
