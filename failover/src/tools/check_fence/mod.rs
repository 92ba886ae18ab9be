//! `zkfc-rs check-fence`: would fencing work? Nothing is killed.

mod command;
mod table;
mod target_check;

pub use command::Options;
pub(super) use command::run;
pub use target_check::{TargetCheck, check};
