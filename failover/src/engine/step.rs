use super::{Command, Reason};

/// What follows from an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Step {
    /// What to do, in this order.
    pub commands: Vec<Command>,
    /// What was decided and why, in this order: lines of the log.
    pub reasons: Vec<Reason>,
}
