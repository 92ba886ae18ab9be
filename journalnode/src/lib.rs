//! A drop-in replacement for the HDFS JournalNode.
//!
//! [`engine`] decides, without I/O; [`storage`] makes decisions durable, in files that Java's
//! JournalNode reads and writes too; [`journal`] is the shell that puts the two in order;
//! [`rpc`] and [`http`] are the doors, [`inspect`] is one for people; [`index`] remembers what it
//! has read; [`tools`] look at it all from outside. [`quorum`] is the other side: a client of
//! several nodes.

pub mod daemon;
pub mod editlog;
pub mod engine;
pub mod fetch;
pub mod http;
pub mod index;
pub mod inspect;
pub mod journal;
pub mod logging;
pub mod metrics;
pub mod node;
pub mod quorum;
pub mod rpc;
pub mod scrub;
pub mod settings;
pub mod slow_disk;
pub mod storage;
pub mod sync;
pub mod tools;
pub mod types;

mod mutant;
mod throttle;
