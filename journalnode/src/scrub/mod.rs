//! The scrub: reads finished segments again, slowly, and has what rotted replaced by a copy of
//! a peer's.
//!
//! It reads beside the journal and never as its owner. What it finds becomes a mark in the
//! journal's state, and a replacement an effect, both decided by the engine.

mod finding;
mod progress;
mod scrub_options;
mod scrubber;

pub use finding::{Finding, Remedy};
pub use progress::ScrubProgress;
pub use scrub_options::ScrubOptions;
pub use scrubber::Scrubber;
