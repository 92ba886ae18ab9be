/// A request to the ensemble, as far as failures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Request {
    /// Opening a session.
    Open,
    /// Looking for the parent.
    ParentExists,
    /// Taking the lock.
    CreateLock,
    /// Marking the lock.
    MarkLock,
    /// Taking the lock from another session.
    TakeOver,
    /// Looking who holds the lock.
    StatLock,
    /// Reading the lock.
    ReadLock,
    /// Reading the breadcrumb.
    ReadBreadcrumb,
    /// Creating or replacing the breadcrumb.
    WriteBreadcrumb,
    /// Deleting the breadcrumb.
    DeleteBreadcrumb,
    /// Anything about the ledger.
    Ledger,
}
