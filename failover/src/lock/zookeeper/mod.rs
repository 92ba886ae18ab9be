//! Lock and breadcrumb in ZooKeeper.
//!
//! The crate `zookeeper-client` speaks the protocol. It gives a session up by its own clock,
//! where only the ensemble may; it forgets short interruptions, queues requests without bound,
//! and asserts. Everything that the elector must not see of that ends in this folder.

mod acls;
mod administration;
mod contact;
mod election_paths;
mod ensemble;
mod errors;
mod four_letter_word;
mod lock_watch;
mod requests;
mod shared;
mod supervisor;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod tls_probe;
mod znode;
mod znodes;
mod zookeeper_lock;
mod zookeeper_session;

pub use administration::{Administration, AncestorAcls};
pub use election_paths::ElectionPaths;
pub use ensemble::Ensemble;
pub use znode::Znode;
pub use znodes::Znodes;
pub use zookeeper_lock::ZooKeeperLock;
pub use zookeeper_session::ZooKeeperSession;
