use thiserror::Error;

/// Why the index has no answer. The journals do not need one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IndexError {
    /// There is no index now.
    #[error("there is no index: {0}")]
    Unavailable(String),
    /// It could not be read.
    #[error("the index cannot be read: {0}; it is built again if it stays so")]
    Failed(String),
}
