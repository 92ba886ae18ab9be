/// Known bugs that the model check must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mutant {
    /// Does not fence.
    PromoteBeforeFence,
    /// Does not write the breadcrumb first.
    PromoteBeforeBreadcrumb,
    /// Goes on without a lease, whatever became of the session.
    KeepLockAfterExpiry,
}
