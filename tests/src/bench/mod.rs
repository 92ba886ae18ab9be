//! `scripts/bench failover`: Hadoop's failover controller and ours, one after the other, on the
//! same cluster with the same settings and under the same load.

mod fault;
mod figures;
mod report;
mod rounds;
mod stopwatch;

pub use fault::{Fault, Fencing};
pub use figures::{Cost, Figures, Marks};
pub use report::{json, table};
pub use rounds::measure;
