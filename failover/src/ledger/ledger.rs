use futures_util::future::BoxFuture;

use super::{Confirmation, FailoverRecord, LedgerError, Paused, Standing};

/// What is kept beside the lock of a nameservice.
///
/// Nothing of it is needed for a failover: whoever cannot reach it goes on without.
pub trait Ledger: Send + Sync + 'static {
    /// Adds a failover to the history, of which the oldest goes when it is full. Recording the
    /// same one again changes nothing.
    fn record(&self, failover: FailoverRecord) -> BoxFuture<'_, Result<(), LedgerError>>;

    /// The failovers that are remembered, the latest first.
    fn history(&self) -> BoxFuture<'_, Result<Vec<FailoverRecord>, LedgerError>>;

    /// Keeps all controllers of this kind from failing over, until somebody resumes. A pause
    /// that was there is replaced.
    fn pause(&self, paused: Paused) -> BoxFuture<'_, Result<(), LedgerError>>;

    /// Ends the pause. Answers whether there was one.
    fn resume(&self) -> BoxFuture<'_, Result<bool, LedgerError>>;

    /// The pause, if there is one.
    fn paused(&self) -> BoxFuture<'_, Result<Option<Paused>, LedgerError>>;

    /// Leaves the word of a person that a NameNode is gone.
    /// [`BreadcrumbChanged`](LedgerError::BreadcrumbChanged): not of what is in ZooKeeper now.
    fn confirm_fenced(&self, confirmation: Confirmation) -> BoxFuture<'_, Result<(), LedgerError>>;

    /// The word that was left and not used yet, if there is one; perhaps of an old breadcrumb.
    fn confirmation(&self) -> BoxFuture<'_, Result<Option<Confirmation>, LedgerError>>;

    /// Takes the word for this version of the breadcrumb, which nobody else can then. One for
    /// another breadcrumb is never taken.
    fn take_confirmation(
        &self,
        breadcrumb_version: i32,
    ) -> BoxFuture<'_, Result<Option<Confirmation>, LedgerError>>;

    /// Waits until pause or confirmation are not what was seen, and answers with what they are.
    /// A change is seen at once, or within seconds if its notice is lost.
    fn changed(&self, seen: Standing) -> BoxFuture<'_, Result<Standing, LedgerError>>;
}
