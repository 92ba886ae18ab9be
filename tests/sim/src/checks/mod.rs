//! What must hold, one property per file. They know what clients were told and what is on the
//! disks, and nothing of how the code under test works.

mod acknowledged_is_kept;
mod committed_txid;
mod fencing;
mod node_epochs;
mod one_content;
mod reader_saw_the_log;
mod recovery;
mod replicas_agree;

pub use acknowledged_is_kept::acknowledged_is_kept;
pub use committed_txid::CommittedTxIds;
pub use fencing::{epoch_is_won_once, no_success_after_fencing};
pub use node_epochs::NodeEpochs;
pub use one_content::one_content;
pub use reader_saw_the_log::reader_saw_the_log;
pub use recovery::{recovery_had_what_was_acknowledged, recovery_has_what_was_acknowledged};
pub use replicas_agree::replicas_agree;

pub use crate::ledger::{Attempt, Ledger, Opened};
