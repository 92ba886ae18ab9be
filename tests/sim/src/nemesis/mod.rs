//! Who breaks things: what may go wrong, and when.

mod fault;
mod schedule;

pub(crate) use fault::{Event, Loss};
pub(crate) use schedule::{Schedule, USUAL_LATENCY};
