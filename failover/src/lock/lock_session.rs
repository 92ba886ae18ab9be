use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use crate::ledger::Ledger;

use super::{Breadcrumb, LockError, LockOwner, SessionEvent, SessionId};

/// One session with the ensemble. A lock that it creates goes when it ends.
///
/// Every request is answered within [`LockSession::timeout`]; one that could not be sent or whose
/// answer did not come is `ConnectionLoss`. Then it may or may not have been carried out, and may
/// still be: ask for the owner or the version before going on. Dropping a future takes nothing
/// back.
pub trait LockSession: Send + Sync + 'static {
    /// Its number.
    fn id(&self) -> SessionId;

    /// How long it lives without contact, as the ensemble decided it.
    fn timeout(&self) -> Duration;

    /// When we sent the last request that the leader of the ensemble answered.
    ///
    /// The session lives until this and [`LockSession::timeout`], less a margin: a server tells
    /// the leader only every half tick (1 s by default) of whom it heard, and may die before.
    fn last_contact(&self) -> Instant;

    /// Whether the znode below which lock and breadcrumb live is there.
    fn parent_exists(&self) -> BoxFuture<'_, Result<bool, LockError>>;

    /// Takes the lock. `NodeExists`: it is taken, perhaps by us if an earlier try had no answer.
    fn create_lock(&self, data: Bytes) -> BoxFuture<'_, Result<(), LockError>>;

    /// Who holds the lock, if anyone. The next change of that is told as an event.
    fn stat_lock(&self) -> BoxFuture<'_, Result<Option<LockOwner>, LockError>>;

    /// What the holder wrote into the lock.
    fn read_lock(&self) -> BoxFuture<'_, Result<Option<Bytes>, LockError>>;

    /// The breadcrumb, if there is one.
    fn read_breadcrumb(&self) -> BoxFuture<'_, Result<Option<Breadcrumb>, LockError>>;

    /// Creates the breadcrumb if `expected` is `None`, else replaces that version of it.
    fn write_breadcrumb(
        &self,
        data: Bytes,
        expected: Option<i32>,
    ) -> BoxFuture<'_, Result<(), LockError>>;

    /// Deletes that version of the breadcrumb.
    fn delete_breadcrumb(&self, version: i32) -> BoxFuture<'_, Result<(), LockError>>;

    /// Writes our own lock once more, with the same data. A lock that was written like that can
    /// be told from a fresh one: that is what [`LockSession::take_over`] needs.
    fn mark_lock(&self, data: Bytes) -> BoxFuture<'_, Result<(), LockError>>;

    /// Takes a marked lock from another session and writes the breadcrumb, both or neither and
    /// in one step: at no time is the lock free. `BadVersion`, `NoNode`: the lock is not marked,
    /// or the breadcrumb is not that one any more. No watch tells this session of it.
    fn take_over(
        &self,
        data: Bytes,
        breadcrumb_version: i32,
    ) -> BoxFuture<'_, Result<(), LockError>>;

    /// The session's events. The first call has them all; later ones have none.
    fn events(&self) -> mpsc::UnboundedReceiver<SessionEvent>;

    /// What is kept beside the lock, over this session, with which it ends.
    fn ledger(&self) -> Arc<dyn Ledger>;

    /// Ends the session and gives the lock back at once, if the ensemble can be reached.
    fn close(&self) -> BoxFuture<'_, ()>;
}
