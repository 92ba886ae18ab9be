//! What controllers and people keep in ZooKeeper beside the lock: the failovers there were, a
//! pause, and the word of a person that an old active is gone.
//!
//! All of it is below `zkfc-rs` in the znode of the nameservice, with the ACL of the lock. Java's
//! controllers do not look there.

mod confirmation;
mod failover_record;
mod history;
#[path = "ledger.rs"]
mod interface;
mod ledger_error;
mod namenode_text;
mod outcome;
mod paused;
mod phases;
mod standing;
mod zookeeper_ledger;

pub use confirmation::Confirmation;
pub use failover_record::FailoverRecord;
pub use history::History;
pub use interface::Ledger;
pub use ledger_error::LedgerError;
pub use outcome::Outcome;
pub use paused::Paused;
pub use phases::Phases;
pub use standing::Standing;
pub use zookeeper_ledger::ZooKeeperLedger;
