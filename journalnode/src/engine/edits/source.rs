/// Where edits that were asked for came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditsSource {
    /// There is nothing new.
    Nowhere,
    /// From memory.
    Cache,
    /// From the edits files.
    Disk,
}
