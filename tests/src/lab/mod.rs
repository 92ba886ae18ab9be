//! A private network of hosts on one machine: a network namespace per host, joined by a bridge in a
//! namespace of its own, and for every process a mount namespace with the host's `/etc/hosts` and
//! `/var/hadoop`. Files that name hosts and absolute paths are used as they are.
//!
//! It needs root and iproute2. What it makes has no trace outside its namespaces, and is removed on drop.

mod host;
mod network;

pub use host::LabHost;
pub use network::Lab;
