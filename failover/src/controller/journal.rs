use std::fmt::Display;

use tracing::{Level, debug, error, info, warn};

use crate::engine::{CallNo, Reason};
use crate::types::NameNodeId;

/// Writes one line of the log for each decision, always with the same fields.
pub(super) struct Journal {
    pub(super) own: NameNodeId,
}

impl Journal {
    pub(super) fn write(&self, session: &dyn Display, call: Option<CallNo>, reason: &Reason) {
        let NameNodeId { nameservice, namenode } = &self.own;
        let call = call.map(|call| call.0);
        match level(reason) {
            Level::ERROR => error!(nameservice, namenode, %session, call, "{reason}"),
            Level::WARN => warn!(nameservice, namenode, %session, call, "{reason}"),
            Level::INFO => info!(nameservice, namenode, %session, call, "{reason}"),
            _ => debug!(nameservice, namenode, %session, call, "{reason}"),
        }
    }
}

/// An error needs a person; a warning may explain one later.
fn level(reason: &Reason) -> Level {
    match reason {
        Reason::Stuck { .. }
        | Reason::BadBreadcrumb { .. }
        | Reason::Fatal(_)
        | Reason::Mismatch { again: true, .. } => Level::ERROR,
        Reason::SessionNotOpened { .. }
        | Reason::Disconnected
        | Reason::Expired
        | Reason::LockUnknown { .. }
        | Reason::Leaving { fence: true, .. }
        | Reason::BreadcrumbKept(_)
        | Reason::Flapping { .. }
        | Reason::StillStarting { .. }
        | Reason::NotFenced { .. }
        | Reason::FencingAborted(_)
        | Reason::Confirmed { .. }
        | Reason::Evident { .. }
        | Reason::BreadcrumbFailed(_)
        | Reason::ActivationFailed(_)
        | Reason::LeaseOut
        | Reason::LostWhileActivating
        | Reason::NotDemoted(_)
        | Reason::Stalled { .. }
        | Reason::Mismatch { .. }
        | Reason::PeerNotCeded { .. }
        | Reason::FailoverEnded(Err(_))
        | Reason::StopTimedOut => Level::WARN,
        Reason::StaleSession(_) | Reason::StaleAnswer(_) | Reason::AlreadyJoined => Level::DEBUG,
        _ => Level::INFO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ActiveNode, ServiceState};

    #[test]
    fn only_what_a_person_must_look_at_is_an_error() {
        let id = NameNodeId::new("ns1", "nn2");
        let node = ActiveNode { id, hostname: "h".to_owned(), port: 8020, zkfc_port: 8019 };
        let why = "no route".to_owned();
        let not_fenced = Reason::NotFenced { node: node.clone(), why, attempts: 1 };
        assert_eq!(level(&not_fenced), Level::WARN);
        let stuck_for = std::time::Duration::from_secs(9);
        assert_eq!(level(&Reason::Stuck { node, stuck_for, attempts: 3 }), Level::ERROR);
        let (expected, reported) = (ServiceState::Active, ServiceState::Standby);
        let mismatch = |again| Reason::Mismatch { expected, reported, again };
        assert_eq!(level(&mismatch(false)), Level::WARN);
        assert_eq!(level(&mismatch(true)), Level::ERROR);
        assert_eq!(level(&Reason::LockTaken), Level::INFO);
        assert_eq!(level(&Reason::AlreadyJoined), Level::DEBUG);
    }
}
