//! Hadoop RPC version 9 over a byte stream, server and client, and what both daemons need
//! around it: Hadoop's configuration files, its notion of who may call what, and how a daemon
//! shows itself to people and scripts.
//!
//! [`frame`], [`call`] and [`sasl`] are sans-io: bytes in, values out. [`server`] and
//! [`client`] are the tokio shells around them.

pub mod call;
pub mod client;
pub mod conf;
pub mod frame;
pub mod logging;
pub mod net;
pub mod prometheus;
pub mod sasl;
pub mod security;
pub mod server;
pub mod supervisor;
pub mod tools;
