//! A nameservice with automatic failover: ZooKeeper, three JournalNodes of ours, NameNodes of
//! Hadoop with a failover controller each, an sshd for `sshfence`, and a witness that no two
//! NameNodes were ever active at once.

mod builder;
mod cluster;
mod coordination;
mod elector_znodes;
mod host_clock;
mod journal_disk;
mod user_files;
mod user_hosts;
mod user_process;
mod user_states;
mod witness;

pub use builder::HaBuilder;
pub use cluster::HaCluster;
pub use coordination::Coordination;
pub use elector_znodes::ElectorZnodes;
pub use host_clock::HostClock;
pub use journal_disk::JournalDisk;
pub use user_hosts::{NAMENODES, QUORUM, UserHosts};
pub use user_process::{Restart, UserProcess};
pub use witness::Witness;
