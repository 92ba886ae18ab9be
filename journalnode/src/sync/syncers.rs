use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use hadoop_ipc::conf::Configuration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use super::syncer::Syncer;
use super::{Member, Peer, Peers, SyncOptions};
use crate::fetch::SegmentFetcher;
use crate::journal::Journal;

/// The syncers of all journals of the process, each started by a request for its journal.
pub struct Syncers {
    conf: Configuration,
    options: SyncOptions,
    fetcher: Arc<SegmentFetcher>,
    own: OnceLock<SocketAddr>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Syncers {
    /// None runs yet. `conf` says who the peers are.
    pub fn new(conf: Configuration, options: SyncOptions) -> Self {
        let fetcher = SegmentFetcher::throttled(options.transfer_timeout, options.bandwidth)
            .reserving(options.reserve_bytes);
        Self {
            conf,
            options,
            fetcher: Arc::new(fetcher),
            own: OnceLock::new(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }
    }

    /// Where this node serves: from now on requests start syncers.
    pub fn serve_at(&self, own: SocketAddr) {
        let _ = self.own.set(own);
    }

    /// A request asked for this journal. Starts its syncer if it is the first one, or the
    /// first that names the nameservice (`JournalNode.getOrCreateJournal`).
    pub fn touched(self: &Arc<Self>, journal: &Arc<Journal>, nameservice: Option<&str>) {
        let Some(own) = self.own.get().filter(|_| self.options.enabled) else { return };
        let nameservice = nameservice.filter(|name| !name.is_empty());
        if journal.sync_trigger().is_open() && journal.sync_trigger().fires(nameservice.is_some()) {
            let start =
                Arc::clone(self).start(Arc::clone(journal), nameservice.map(str::to_owned), *own);
            self.tasks.spawn(self.stopping.clone().run_until_cancelled_owned(start));
        }
    }

    async fn start(
        self: Arc<Self>,
        journal: Arc<Journal>,
        nameservice: Option<String>,
        own: SocketAddr,
    ) {
        let id = journal.id().clone();
        let member = Member::of(&self.conf, id.as_str(), nameservice.as_deref(), own).await;
        let member = match member {
            Ok(Some(member)) if !member.others.is_empty() => member,
            Ok(_) => {
                return info!(journal = %id, "no other JournalNode of it is configured \
                    (dfs.namenode.shared.edits.dir); missing segments will not be fetched");
            }
            Err(error) => return warn!(journal = %id, "no syncing: {error}"),
        };
        journal.sync_trigger().started();
        info!(journal = %id, "syncing with {} other JournalNodes", member.others.len());
        let user = self.conf.environment().property("user.name").map(str::to_owned);
        let peer = |target| Peer::new(target, id.clone(), nameservice.clone(), user.clone());
        let peers = Arc::new(Peers {
            all: member.others.into_iter().map(peer).collect(),
            nodes: member.nodes,
            fetcher: Arc::clone(&self.fetcher),
            interval: self.options.interval,
        });
        journal.meet(Arc::clone(&peers));
        let journal_of = Arc::downgrade(&journal);
        let syncer = Syncer { journal: journal_of, peers, options: self.options.clone() };
        drop(journal);
        syncer.run().await;
    }

    /// Ends all syncers, in the middle of a transfer if need be.
    pub async fn stop(&self) {
        self.fetcher.stop();
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl fmt::Debug for Syncers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Syncers").field("options", &self.options).finish_non_exhaustive()
    }
}
