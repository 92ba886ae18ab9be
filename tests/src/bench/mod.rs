//! `scripts/bench`: ours and Java's in the same run, with the same settings.
//!
//! [`Samples`] is what measurements have in common. [`JournalWriter`] and [`LongLog`] are for those
//! of one JournalNode, and [`journal`] is everything that is promised of its speed; all else is
//! `scripts/bench failover`, which runs both failover controllers on
//! the same cluster under the same load.

pub mod journal;

mod fault;
mod figures;
mod index_status;
mod journal_writer;
mod long_log;
mod report;
mod rounds;
mod samples;
mod stopwatch;

use std::time::Duration;

pub use fault::{Fault, Fencing};
pub use figures::{Cost, Figures, Marks};
pub use index_status::IndexStatus;
pub use journal_writer::JournalWriter;
pub use long_log::LongLog;
pub use report::{json, table};
pub use rounds::measure;
pub use samples::{Samples, Verdict};

/// How long a JournalNode with many segments may take to answer.
const START_LIMIT: Duration = Duration::from_secs(120);
