//! The log: lines for people, or JSON, on stderr.

mod install;
mod log_format;
mod one_line;

pub use install::install;
pub use log_format::LogFormat;
