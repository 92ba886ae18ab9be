//! `zkfc-rs status`: every nameservice at a glance, whichever controllers are at work.

mod command;
mod json;
mod table;

pub use command::Options;
pub(super) use command::run;
