//! Hadoop's `Configuration`: the XML files an HDFS cluster already has, read as Java reads them.
//!
//! [`GenericOptions`] turns a command line and an [`Environment`] into a [`Configuration`];
//! typed readers (`string`, `int`, `boolean`, `duration`, `socket_address`, …) are methods of it.
//! [`nameservices`] holds the rules by which HDFS spreads one setting over nameservices and
//! NameNodes, [`QuorumJournalUri`] the `qjournal://` address of a set of JournalNodes.
//!
//! Java's classes: `org.apache.hadoop.conf.Configuration`, `HdfsConfiguration`,
//! `GenericOptionsParser`, `DFSUtil`, `NetUtils.createSocketAddr`.

mod configuration;
mod defaults;
mod deprecated;
mod environment;
mod error;
mod generic_options;
mod host_port;
mod limits;
mod locate;
mod number;
mod property_parser;
mod qjournal_uri;
mod resource_reader;
mod substitute;
mod text;
mod time_unit;
mod typed;
mod warning;

pub mod nameservices;

pub use configuration::{Configuration, Property};
pub use environment::Environment;
pub use error::ConfError;
pub use generic_options::GenericOptions;
pub use host_port::{HostPort, HostPortError};
pub use limits::{MAX_FILE_BYTES, MAX_INCLUDE_DEPTH, MAX_INCLUDES, MAX_SUBSTITUTIONS};
pub use qjournal_uri::{QuorumJournalUri, QuorumJournalUriError};
pub use text::{java_trim, trimmed_strings};
pub use time_unit::TimeUnit;
pub use warning::Warning;
