use prost::Message;

/// A finished segment that was read from end to end, every transaction in its place.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(in crate::index) struct FinishedSegment {
    /// Length of header and operations, in bytes.
    #[prost(uint64, tag = "1")]
    pub(in crate::index) content_bytes: u64,
    /// Length of the file, padding included, in bytes.
    #[prost(uint64, tag = "2")]
    pub(in crate::index) len_bytes: u64,
}
