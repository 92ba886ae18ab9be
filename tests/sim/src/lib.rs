//! JournalNodes and their clients in one thread, under a simulated network, disk and clock.
//!
//! The real servers, journals, syncers and quorum clients run; only sockets, disks and time are
//! simulated. Every choice follows from one seed: the same seed is the same run. A run has a
//! phase with faults, in which nothing acknowledged may be lost; then everything is healed, and
//! a fresh writer must get on and all replicas must become the same. What must hold is in
//! [`checks`], one property per file, apart from the code that is tested.

pub mod checks;

mod apart;
mod bytes;
mod flaw;
mod history;
mod hosts;
mod ledger;
mod log;
mod nemesis;
mod options;
mod outcome;
mod panics;
mod replica;
mod report;
mod run;
mod seed;
mod summary;
mod trace;
mod violation;

pub use apart::run_apart;
pub use flaw::Flaw;
pub use log::log_to_stderr;
pub use options::Options;
pub use outcome::Outcome;
pub use report::keep_failure;
pub use run::run;
pub use summary::Summary;
pub use violation::Violation;
