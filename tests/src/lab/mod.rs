//! A private network of hosts on one machine: a network namespace per host, joined by a bridge in a
//! namespace of its own, and for every process a mount namespace with the host's `/etc/hosts` and
//! `/var/hadoop`. Files that name hosts and absolute paths are used as they are.
//!
//! It needs root, iproute2 and iptables. What it makes has no trace outside its namespaces, and is removed on drop.

mod host;
mod impairments;
mod network;
mod slow_link;

pub use host::LabHost;
pub use network::Lab;
pub use slow_link::SlowLink;
