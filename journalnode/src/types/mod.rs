//! The nouns of a journal, as types that cannot be mixed up.

mod epoch;
mod journal_id;
mod layout_version;
mod segment;
mod storage_info;
mod txid;

pub use epoch::Epoch;
pub use journal_id::{BadJournalId, JournalId};
pub use layout_version::LayoutVersion;
pub use segment::{PaxosRecord, SegmentFile, SegmentState};
pub use storage_info::StorageInfo;
pub use txid::TxId;
