//! The acceptor, without I/O: given what a journal is and what it is asked, decide what must
//! become durable and what to answer.
//!
//! Each request is a pure function `(&State, &Facts, &Request) -> Decision`. A decision either
//! asks for a fact (a scan, a Paxos record, a download) or lists the [`Effect`]s that must
//! become durable, in order, before the answer may leave. [`State::commit`] takes over an
//! effect once it is durable. Nothing in here knows a file, a socket, a clock or a thread.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod cache;

mod accept_recovery;
mod check;
mod contents;
mod damaged;
mod decision;
mod discard_segments;
mod edits;
mod effect;
mod facts;
mod failure;
mod fault;
mod finalize_log_segment;
#[cfg(test)]
pub(crate) mod fixture;
mod format;
mod heartbeat;
mod install_synced;
mod journal;
mod load;
mod manifest;
mod memory;
mod new_epoch;
mod prepare_recovery;
mod purge_logs;
mod query;
mod reads;
mod refusal;
mod rejoin;
mod request;
mod segment_damage;
mod segment_fault;
mod segment_files;
mod segments;
mod start_log_segment;
mod state;
mod tail;
#[cfg(test)]
mod tests;
mod upgrade;

pub use accept_recovery::accept_recovery;
pub use contents::{Contents, Outcome};
pub use damaged::{note_damaged, note_sound, replace_damaged};
pub use decision::Decision;
pub use discard_segments::discard_segments;
pub use edits::{EditsQuery, EditsSource, Pace, committed_edits, journaled_edits};
pub use effect::Effect;
pub use facts::{Answer, Facts};
pub use failure::Failure;
pub use fault::Fault;
pub use finalize_log_segment::finalize_log_segment;
pub use format::format;
pub use heartbeat::heartbeat;
pub use install_synced::install_synced;
pub use journal::journal;
pub use load::load;
pub use manifest::{Manifest, ManifestEntry, manifest};
pub use memory::{Memory, Mismatch};
pub use new_epoch::new_epoch;
pub use prepare_recovery::{PreparedRecovery, prepare_recovery};
pub use purge_logs::purge_logs;
pub use query::{Fetch, Query, ScanTarget};
pub use reads::{journal_c_time, journal_state};
pub use refusal::Refusal;
pub use rejoin::rejoin;
pub use request::{
    AcceptRecovery, CanRollBack, FinalizeLogSegment, Format, Journal, NewEpoch, PrepareRecovery,
    PurgeLogs, Rejoin, RequestInfo, StartLogSegment,
};
pub use segment_damage::SegmentDamage;
pub use segment_fault::SegmentFault;
pub use segment_files::SegmentFiles;
pub use start_log_segment::start_log_segment;
pub use state::{OpenSegment, State};
pub use tail::Tail;
pub use upgrade::{can_roll_back, finalize_upgrade, pre_upgrade, rollback, upgrade};
