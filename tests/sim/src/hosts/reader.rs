use std::time::Duration;

use journalnode::quorum::QuorumReader;
use journalnode::types::TxId;
use tokio::time::sleep;

use super::quorum::{journal, namespace, options, targets};
use crate::history::History;

/// How often a standby asks for what is new.
const PERIOD: Duration = Duration::from_millis(300);

/// A standby: reads what is committed, and tells what it was told.
pub(crate) async fn tail(history: History) -> turmoil::Result {
    let reader = QuorumReader::new(&journal()?, &targets(), &namespace(), options());
    let mut since = TxId(1);
    loop {
        sleep(PERIOD).await;
        let Ok(edits) = reader.committed_edits(since).await else { continue };
        let Some(last) = edits.last() else { continue };
        history.note(&format!("reader read {since}-{last}"));
        for (txid, bytes) in edits.ops() {
            history.read(txid, bytes);
        }
        since = last.next();
    }
}
