//! `zkfc-rs doctor`: everything that automatic failover needs, looked at once, in one table with
//! what is wrong and what to do.

mod breadcrumb;
mod clocks;
mod command;
mod configuration;
mod ensemble;
mod evidence;
mod fencing;
mod finding;
mod http_date;
mod journal_probe;
mod journals;
mod names;
mod table;
mod znodes;

pub use command::Options;
pub(super) use command::run;
pub use finding::{Finding, Verdict};
