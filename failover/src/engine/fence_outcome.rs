use super::Evidence;
use crate::types::ServiceState;

/// What came of fencing the old active.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FenceOutcome {
    /// It obeyed `transitionToStandby`, or a method proved that it is gone.
    Fenced {
        /// What did it: `transitionToStandby`, or the method as configured.
        by: String,
    },
    /// It answers that it is standby or observer. It needs no force.
    Harmless(ServiceState),
    /// Its port answers that it is still starting. Nothing was forced.
    StillStarting,
    /// No method proved that it is gone, and this speaks for it.
    Evident(Evidence),
    /// Nothing proved that it is gone.
    Failed(String),
    /// What the breadcrumb says does not agree with the configuration: what exactly.
    Mismatched(String),
}
