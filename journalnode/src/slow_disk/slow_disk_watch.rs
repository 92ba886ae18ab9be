use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;
use tracing::{error, info, warn};

use super::alarm::{Alarm, Notice};
use super::mount::Mount;
use crate::journal::Journal;
use crate::node::JournalNode;
use crate::types::JournalId;

/// How often every journal is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Watches what the journals of a node wait for.
#[derive(Debug)]
pub struct SlowDiskWatch {
    node: Arc<JournalNode>,
}

impl SlowDiskWatch {
    /// A watch that does nothing before [`run`](Self::run).
    pub fn new(node: Arc<JournalNode>) -> Self {
        Self { node }
    }

    /// Watches until it is dropped.
    pub async fn run(self) {
        let mut alarms = BTreeMap::<JournalId, Alarm>::new();
        loop {
            let journals = self.node.loaded();
            alarms.retain(|id, _| journals.iter().any(|journal| journal.id() == id));
            for journal in &journals {
                let alarm = alarms.entry(journal.id().clone()).or_default();
                if let Some(notice) = alarm.look(journal.running(), Instant::now()) {
                    tell(journal, notice);
                }
            }
            sleep(LOOK).await;
        }
    }
}

fn tell(journal: &Journal, notice: Notice) {
    let (id, directory) = (journal.id(), journal.files().root());
    let disk = Mount::of(directory)
        .map_or_else(|| "an unknown disk".to_owned(), |mount| mount.to_string());
    let directory = directory.display();
    match notice {
        Notice::Stuck { what, took, grave: false } => warn!(journal = %id,
            "slow disk: {what} has taken {took:.1?} and is not done: {directory} on {disk}. A \
            NameNode waits 20 s for a majority (dfs.qjournal.write-txns.timeout.ms)"),
        Notice::Stuck { what, took, grave: true } => error!(journal = %id,
            "slow disk: {what} has taken {took:.1?} and is not done: {directory} on {disk}. \
            Writers are about to go on without this node; look at the disk (dmesg, iostat)"),
        Notice::Back { what, took } => info!(journal = %id,
            "slow disk: {what} is done, after {took:.1?}: {directory} on {disk}"),
    }
}
