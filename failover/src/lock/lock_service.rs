use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{LockError, LockSession};

/// Opens sessions in which the lock of one nameservice can be held.
pub trait LockService: Send + Sync + 'static {
    /// Opens a session, within the time a session may be out of contact.
    ///
    /// One attempt: how often to try is for the caller to decide. `ConnectionLoss`: the ensemble
    /// was not reached in time.
    fn open(&self) -> BoxFuture<'_, Result<Arc<dyn LockSession>, LockError>>;
}
