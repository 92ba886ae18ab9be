//! What the tests against a real journalnode have in common: the process and its
//! configuration, a connection that sends anything, and the requests of a writer.
#![allow(dead_code, unused_imports, reason = "no test crate uses all of it")]

mod config_dir;
mod node;
mod raw_connection;
pub mod requests;

pub use config_dir::{ConfigDir, bare_command, site_file};
pub use node::{Ended, Node, is_running, run_to_the_end};
pub use raw_connection::{Q_JOURNAL, RawConnection, Reply};
