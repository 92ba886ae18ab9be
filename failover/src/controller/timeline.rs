use std::fmt;

use crate::ledger::{FailoverRecord, Outcome, Phases};

/// One failover to the own NameNode, from its first sign to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// What is written down of it.
    pub record: FailoverRecord,
    /// What fenced the old active, or made that needless.
    pub fenced_by: Option<String>,
}

impl Timeline {
    /// Whether this says nothing that `last` does not: one fencing that fails again and again
    /// must not push all else out of the history.
    pub(super) fn repeats(&self, last: &FailoverRecord) -> bool {
        !self.record.outcome.is_activated()
            && !last.outcome.is_activated()
            && self.record.from == last.from
    }
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FailoverRecord { from, to, why, outcome, phases, .. } = &self.record;
        match from {
            Some(_) if self.record.is_own() => {
                write!(f, "return of {to}, the last active itself,")?
            }
            Some(from) => write!(f, "failover from {from} to {to}")?,
            None => write!(f, "failover to {to}")?,
        }
        match outcome {
            Outcome::Activated => f.write_str(" done")?,
            Outcome::Failed(why) => write!(f, " failed ({why})")?,
        }
        write!(f, " in {} ms: ", phases.total_ms)?;
        let Phases { lock_ms, fence_ms, breadcrumb_ms, transition_ms, .. } = phases;
        let parts = [
            ("lock", lock_ms),
            ("fencing", fence_ms),
            ("breadcrumb", breadcrumb_ms),
            ("transition", transition_ms),
        ];
        for (name, ms) in parts {
            match ms {
                Some(ms) => write!(f, "{name} {ms} ms, ")?,
                None => write!(f, "no {name}, ")?,
            }
        }
        write!(f, "because {why}")
    }
}
