//! The log: lines for people, or JSON, on stderr.

mod install;

pub use install::install;
