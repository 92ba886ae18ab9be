//! What is logged, and changing it while the process runs.
//!
//! Operators know Hadoop's logger names, so `hadoop daemonlog` works with those; each stands
//! for one of our modules.

mod level;
mod log_levels;
mod logger_name;

pub use level::LevelName;
pub use log_levels::{LogLevels, LoggingError};
