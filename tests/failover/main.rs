//! The parts of the failover controller with Hadoop's own daemons and tools.

mod haadmin;
mod health;
