//! The syncer: fetches finished segments that are missing here from the other JournalNodes of
//! the shared edits directory (`JournalNodeSyncer`), and makes a node that lost its directory a
//! member again (HDFS-16690, with a majority; docs/adr/0001-wiped-acceptor.md).
//!
//! What to do is decided by pure functions ([`missing`], [`agreed`]); the rest asks peers,
//! fetches files and leaves every change of the journal to the engine.

mod goal;
mod member;
mod missing;
mod namespace_of_node;
mod namespace_probe;
mod peer;
mod peers;
mod rejoin;
mod rejoin_progress;
mod segment_url;
mod sync_options;
mod sync_trigger;
mod syncer;
mod syncers;
mod testimony;

pub use goal::{Agreement, Goal, NotYet, agreed};
pub use member::Member;
pub use missing::missing;
pub use namespace_of_node::namespace_of_node;
pub(crate) use peer::Peer;
pub(crate) use peers::Peers;
pub use rejoin_progress::RejoinProgress;
pub(crate) use segment_url::segment_url;
pub use sync_options::SyncOptions;
pub use sync_trigger::SyncTrigger;
pub use syncers::Syncers;
pub use testimony::Testimony;
