//! The harness of everything that tests more than one crate, or tests ours beside real Hadoop.
//!
//! Processes are real: Hadoop's daemons run from the jars Maven fetched, ours from the binary Cargo built.
//! A test owns what it starts: dropping a handle kills the process group behind it.

pub mod bench;
pub mod chaos;
pub mod cluster;
pub mod fuzz;
pub mod ha;
pub mod hadoop;
pub mod inspect;
pub mod lab;
pub mod process;
pub mod quickstart;
pub mod soak;
pub mod ssh;
pub mod zookeeper;
