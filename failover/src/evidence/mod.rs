//! What speaks for the death of an old active that no fencing method reaches.
//!
//! [`HostWatch`] knocks at every known port of its host for as long as it is asked for, and
//! [`Silence`] counts how long none has answered. Only then a [`JournalQuorum`] is made to
//! promise a higher epoch, which ends every write of the old active. The rules are those of
//! [`EvidencePolicy`](crate::engine::EvidencePolicy).

mod host_watch;
mod journal_quorum;
mod knock;
mod namespace;
mod promise;
mod silence;

pub(crate) use host_watch::HostWatch;
pub(crate) use journal_quorum::JournalQuorum;
use knock::{Knock, knock_at_all};
pub(crate) use namespace::namespace_info;
pub(crate) use promise::Promise;
pub(crate) use silence::Silence;
