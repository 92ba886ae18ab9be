use crate::types::{LayoutVersion, TxId};

/// How an edits file begins and ends, as a scan found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tail {
    /// From the header; `None` if that is too short or corrupt.
    pub header: Option<LayoutVersion>,
    /// The last transaction; `None` if there is none.
    pub last: Option<TxId>,
}
