use crate::mutant;

/// Known bugs that the model check must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mutant {
    /// Does not fence.
    PromoteBeforeFence,
    /// Does not write the breadcrumb first.
    PromoteBeforeBreadcrumb,
    /// Goes on without a lease, whatever became of the session.
    KeepLockAfterExpiry,
    /// Believes in a session after a stall, until the lock service says otherwise.
    TrustLeaseAfterStall,
}

impl Mutant {
    /// The one that is switched on in this process.
    pub(crate) fn chosen() -> Option<Self> {
        [
            ("promote-before-fence", Self::PromoteBeforeFence),
            ("promote-before-breadcrumb", Self::PromoteBeforeBreadcrumb),
            ("keep-the-lock-after-expiry", Self::KeepLockAfterExpiry),
            ("trust-a-lease-after-a-stall", Self::TrustLeaseAfterStall),
        ]
        .into_iter()
        .find_map(|(name, bug)| mutant::is(name).then_some(bug))
    }
}
