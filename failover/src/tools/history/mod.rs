//! `zkfc-rs history`: the failovers that controllers of this kind recorded.

mod command;
mod table;

pub use command::Options;
pub(super) use command::run;
