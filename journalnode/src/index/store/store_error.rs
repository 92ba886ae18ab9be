use thiserror::Error;

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(in crate::index) enum StoreError {
    /// What it holds cannot be used any more: only a new one helps.
    #[error("{0}")]
    Broken(String),
    /// It does not work now: no space, no permission, in use.
    #[error("{0}")]
    Failed(String),
}
