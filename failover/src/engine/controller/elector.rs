use std::time::Duration;

use crate::engine::{CallNo, ElectorState, OwnerId, SessionNo, Time};

/// The variables of `ActiveStandbyElector`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Elector {
    pub(super) state: ElectorState,
    /// In the election.
    pub(super) want: bool,
    /// It was in the election once, so its NameNode has been well.
    pub(super) joined_before: bool,
    pub(super) session: Option<Session>,
    pub(super) create: Option<CallNo>,
    pub(super) create_retries: u32,
    pub(super) stat: Option<CallNo>,
    pub(super) stat_retries: u32,
}

/// A session that is there or on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Session {
    pub(super) no: SessionNo,
    /// None until it is open.
    pub(super) open: Option<OpenSession>,
}

/// A session that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct OpenSession {
    pub(super) owner: OwnerId,
    pub(super) timeout: Duration,
    pub(super) contact: Time,
    pub(super) connected: bool,
    /// It may hold the lock from before: look before creating it.
    pub(super) resumed: bool,
}

impl Elector {
    pub(super) fn new() -> Self {
        Self {
            state: ElectorState::Init,
            want: false,
            joined_before: false,
            session: Some(Session { no: SessionNo::FIRST, open: None }),
            create: None,
            create_retries: 0,
            stat: None,
            stat_retries: 0,
        }
    }

    pub(super) fn open(&self) -> Option<&OpenSession> {
        self.session.as_ref()?.open.as_ref()
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut OpenSession> {
        self.session.as_mut()?.open.as_mut()
    }

    /// The session that can be asked.
    pub(super) fn open_no(&self) -> Option<SessionNo> {
        self.session.as_ref().filter(|session| session.open.is_some()).map(|session| session.no)
    }
}

impl OpenSession {
    /// How much of the timeout is left out of the lease: for clocks that do not run alike, and
    /// for the way of a call to the NameNode of this host.
    const MARGIN_PARTS: u32 = 10;
    /// Silence longer than this part of the timeout is a stall of the process.
    const STALL_PARTS: u32 = 3;

    /// Whether the ensemble cannot have given the lock to another yet.
    pub(super) fn holds_lease(&self, now: Time) -> bool {
        now.since(self.contact) + self.timeout / Self::MARGIN_PARTS < self.timeout
    }

    pub(super) fn longest_gap(&self) -> Duration {
        self.timeout / Self::STALL_PARTS
    }
}
