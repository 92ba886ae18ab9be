//! How a daemon writes its log: lines for people, or JSON, and never more than one line for one
//! event.

mod log_format;
mod one_line;

pub use log_format::LogFormat;
pub use one_line::OneLine;
