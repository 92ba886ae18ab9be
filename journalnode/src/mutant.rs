//! Known bugs that can be switched on, one at a time: `scripts/mutants` shows that a test fails
//! for each. Compiled in with the feature `mutants` alone, which no binary that serves is built
//! with; without it the answer is a constant.

/// Names the bug to switch on.
#[cfg(feature = "mutants")]
const VARIABLE: &str = "HDFS_HA_QUORUM_MUTANT";

/// Whether this bug is switched on in this process.
#[cfg(feature = "mutants")]
pub(crate) fn is(name: &str) -> bool {
    use std::sync::LazyLock;
    static CHOSEN: LazyLock<Option<String>> = LazyLock::new(|| std::env::var(VARIABLE).ok());
    CHOSEN.as_deref() == Some(name)
}

/// No bug is.
#[cfg(not(feature = "mutants"))]
pub(crate) const fn is(_name: &str) -> bool {
    false
}
