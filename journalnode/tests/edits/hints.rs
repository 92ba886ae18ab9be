use std::sync::{Arc, Mutex};

use journalnode::editlog::{Checkpoint, Position};
use journalnode::journal::{Hints, JournalOptions};
use journalnode::types::{JournalId, LayoutVersion, TxId};

use crate::writer::{Writer, faulty, node, node_with, options};

const OP_BYTES: u64 = 21;

/// Knows one thing of each kind, and what it was asked.
#[derive(Debug, Default)]
struct Known {
    position: Option<Position>,
    checkpoint: Option<Checkpoint>,
    asked: Mutex<Vec<String>>,
}

impl Hints for Known {
    fn position(&self, journal: &JournalId, txid: TxId) -> Option<Position> {
        self.asked.lock().unwrap().push(format!("position {journal} {txid}"));
        self.position
    }

    fn checkpoint(&self, journal: &JournalId, first: TxId) -> Option<Checkpoint> {
        self.asked.lock().unwrap().push(format!("checkpoint {journal} {first}"));
        self.checkpoint
    }
}

/// Where the operation of a transaction is in the segment that starts with 1.
fn offset(txid: i64) -> u64 {
    8 + (txid as u64 - 1) * OP_BYTES
}

#[tokio::test]
async fn a_restart_scans_behind_the_checkpoint() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let first = node(base.path(), Arc::new(disk.clone()));
    let mut writer = Writer::of(&first, "j").await;
    writer.start(1).await.unwrap();
    for txid in 1..=9 {
        writer.write(1, txid).await.unwrap();
    }
    first.close().await;
    for (last_op, known) in [(6, true), (7, false)] {
        let checkpoint = Checkpoint {
            offset: offset(7),
            last: TxId(6),
            last_op_offset: offset(last_op),
            header: LayoutVersion::CURRENT,
        };
        let hints = Arc::new(Known { checkpoint: Some(checkpoint), ..Known::default() });
        let restarted = node(base.path(), Arc::new(disk.clone()));
        restarted.set_hints(Arc::clone(&hints) as Arc<dyn Hints>);
        let journal = restarted.journal("j", None).await.unwrap();
        assert_eq!(journal.status().highest_written, TxId(9), "believed: {known}");
        assert_eq!(*hints.asked.lock().unwrap(), ["checkpoint j 1"]);
        restarted.close().await;
    }
}

#[tokio::test]
async fn reading_begins_where_the_hint_or_the_answer_before_says() {
    let (base, disk) = (tempfile::tempdir().unwrap(), faulty());
    let uncached = JournalOptions { cache_bytes: Some(0), ..options() };
    let node = node_with(base.path(), Arc::new(disk.clone()), uncached);
    let mut writer = Writer::of(&node, "j").await;
    writer.start(1).await.unwrap();
    for txid in 1..=9 {
        writer.write(1, txid).await.unwrap();
    }
    let place = |txid, offset| Position { segment_first: TxId(1), offset, txid: TxId(txid) };
    let hints = Arc::new(Known { position: Some(place(4, offset(4))), ..Known::default() });
    node.set_hints(Arc::clone(&hints) as Arc<dyn Hints>);
    let edits = |since, max| {
        let journal = Arc::clone(&writer.journal);
        async move { journal.edits_from(TxId(since), max).await.map(|edits| edits.count) }
    };
    assert_eq!(edits(5, 2).await, Ok(2));
    // Who goes on behind an answer needs no hint.
    assert_eq!(edits(7, 2).await, Ok(2));
    assert_eq!(*hints.asked.lock().unwrap(), ["position j 5"]);
    // A hint of a place behind the question, or of no operation, is passed over.
    assert_eq!(edits(2, 9).await, Ok(8));
    let wrong = Arc::new(Known { position: Some(place(2, 9)), ..Known::default() });
    let restarted = {
        writer.finalize(1, 9).await;
        node.close().await;
        crate::writer::node(base.path(), Arc::new(disk.clone()))
    };
    restarted.set_hints(wrong);
    let journal = restarted.journal("j", None).await.unwrap();
    assert_eq!(journal.edits_from(TxId(3), 9).await.unwrap().count, 7);
}
