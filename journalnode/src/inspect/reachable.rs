/// What became of the inspection service, for the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reachable {
    /// It is turned off.
    Off,
    /// It listens.
    Yes,
    /// It was wanted, and could not be had.
    Failed,
}
