//! The command line: what was asked for, and doing it in Java's order.

mod arguments;
mod confirm;
mod format;
mod run;

pub use arguments::{Action, Arguments, FormatRequest, USAGE};
pub use confirm::confirm;
pub use format::{FormatOutcome, format};
pub use run::run;
