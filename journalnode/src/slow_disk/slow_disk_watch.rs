use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;
use tracing::{error, info, warn};

use super::alarm::{Alarm, Notice};
use super::mount::Mount;
use crate::journal::{Journal, Running};
use crate::node::JournalNode;
use crate::types::JournalId;

/// How often every journal is looked at.
const LOOK: Duration = Duration::from_millis(250);

const WAITING: &str = "a request that waits behind others of this journal";

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
        let mut alarms = BTreeMap::<JournalId, Alarms>::new();
        loop {
            let journals = self.node.loaded();
            alarms.retain(|id, _| journals.iter().any(|journal| journal.id() == id));
            for journal in &journals {
                alarms.entry(journal.id().clone()).or_default().look(journal, Instant::now());
            }
            sleep(LOOK).await;
        }
    }
}

/// What is watched of one journal.
struct Alarms {
    disk: Alarm,
    queue: Alarm,
}

impl Default for Alarms {
    fn default() -> Self {
        Self { disk: Alarm::of_disk(), queue: Alarm::of_queue() }
    }
}

impl Alarms {
    fn look(&mut self, journal: &Journal, now: Instant) {
        let running = journal.running();
        if let Some(notice) = self.disk.look(running, now) {
            tell(journal, notice);
        }
        // Only if the disk works, and what it works on was not told already.
        let queued = journal.queued_since().filter(|_| running.is_some() && !self.disk.has_told());
        let queued = queued.map(|since| Running { since, what: WAITING });
        if let Some(notice @ Notice::Stuck { .. }) = self.queue.look(queued, now) {
            tell(journal, notice);
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
