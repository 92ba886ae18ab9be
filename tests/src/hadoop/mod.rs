//! Real Hadoop 3.4.3, run from Maven's jars: class path, configuration files, daemons, client, JMX.

mod class_path;
mod client;
mod failover_controller;
mod http;
mod java;
mod journal_node;
mod name_node;
mod site;

pub use class_path::ClassPath;
pub use client::HdfsClient;
pub use failover_controller::{FailoverController, FailoverControllerKind};
pub use http::{http_body, jmx_bean};
pub use java::{Jvm, java, java_on, java_words, junit_suite};
pub use journal_node::{JournalNode, JournalNodeKind};
pub use name_node::NameNode;
pub(crate) use name_node::state_at;
pub use site::{Site, write_log4j};
