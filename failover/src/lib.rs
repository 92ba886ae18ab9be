//! `zkfc-rs`: a replacement for the HDFS ZKFailoverController.
//!
//! Under construction: its parts are here, the daemon that puts them together is not.
