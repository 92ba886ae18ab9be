//! A replacement for Hadoop's ZKFailoverController.
//!
//! [`engine`] decides, without I/O; [`lock`] keeps lock and breadcrumb in ZooKeeper,
//! [`ledger`] the history and the wishes of people beside them; [`fence`]
//! ends an old active NameNode, or else `evidence` speaks for its death; [`namenode`] asks and tells NameNodes; [`rpc`] is what
//! controllers and `hdfs haadmin` ask of this one; [`http`] shows how it stands; [`tools`] are for people;
//! [`settings`] is
//! the configuration, typed, and [`cli`] the command line.

pub mod cli;
pub mod controller;
pub mod daemon;
pub mod engine;
mod evidence;
pub mod fence;
pub mod http;
pub mod ledger;
pub mod lock;
pub mod logging;
pub mod namenode;
pub mod rpc;
pub mod settings;
pub mod tools;
pub mod types;

mod mutant;
