//! What the measurements of `scripts/bench` have in common.

mod samples;

pub use samples::{Samples, Verdict};
