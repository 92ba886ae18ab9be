//! `scripts/bench`: ours and Java's in the same run, with the same settings.
//!
//! [`Samples`] is what measurements have in common; all else is `scripts/bench failover`, which
//! runs both failover controllers on the same cluster under the same load.

mod fault;
mod figures;
mod report;
mod rounds;
mod samples;
mod stopwatch;

pub use fault::{Fault, Fencing};
pub use figures::{Cost, Figures, Marks};
pub use report::{json, table};
pub use rounds::measure;
pub use samples::{Samples, Verdict};
