use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::Serialize;
use tokio::time::sleep;
use tracing::warn;

use super::{Confirmation, FailoverRecord, History, Ledger, LedgerError, Paused, Standing};
use crate::lock::LockError;
use crate::lock::zookeeper::{Znode, Znodes};

/// How long a change may stay unseen when its notice is lost.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// Others record failovers too, but not that often.
const WRITE_TRIES: u32 = 5;

/// The ledger of a nameservice in ZooKeeper, over one session.
#[derive(Clone, Debug)]
pub struct ZooKeeperLedger {
    znodes: Znodes,
    base: String,
}

impl ZooKeeperLedger {
    /// That of the nameservice whose lock the session is for.
    pub(crate) fn new(znodes: Znodes) -> Self {
        let base = znodes.paths().ledger();
        Self { znodes, base }
    }

    async fn add_record(&self, failover: FailoverRecord) -> Result<(), LedgerError> {
        let path = self.history_path();
        for _ in 0..WRITE_TRIES {
            let found = self.read(&path).await?;
            let mut history = History::read(found.as_ref().map_or(&[], |znode| &znode.data));
            if !history.add(failover.clone()) {
                return Ok(());
            }
            let data = Bytes::from(history.text());
            let written = match found {
                Some(znode) => self.znodes.write(&path, data, Some(znode.version)).await,
                None => self.create(&path, data).await,
            };
            match written {
                Err(LockError::BadVersion | LockError::NodeExists | LockError::NoNode) => {}
                written => return written.map_err(|error| self.error("write", &path, error)),
            }
            self.check_formatted().await?;
        }
        Err(LedgerError::Contended { path })
    }

    /// Creates or replaces one of the small ones.
    async fn put(&self, path: &str, value: &impl Serialize) -> Result<(), LedgerError> {
        // Texts and numbers always have a JSON form.
        let data = Bytes::from(serde_json::to_vec(value).unwrap_or_default());
        let written = match self.create(path, data.clone()).await {
            Err(LockError::NodeExists) => self.znodes.write(path, data, None).await,
            created => created,
        };
        match written {
            Err(LockError::NoNode) => {
                self.check_formatted().await?;
                Err(LedgerError::Contended { path: path.to_owned() })
            }
            written => written.map_err(|error| self.error("write", path, error)),
        }
    }

    /// Creates a znode, and the one above it if it is the first.
    async fn create(&self, path: &str, data: Bytes) -> Result<(), LockError> {
        match self.znodes.create(path, data.clone()).await {
            Err(LockError::NoNode) => {}
            created => return created,
        }
        match self.znodes.create(&self.base, Bytes::new()).await {
            Ok(()) | Err(LockError::NodeExists) => self.znodes.create(path, data).await,
            Err(error) => Err(error),
        }
    }

    async fn check_formatted(&self) -> Result<(), LedgerError> {
        let parent = &self.znodes.paths().parent;
        match self.read(parent).await? {
            Some(_) => Ok(()),
            None => Err(LedgerError::NotFormatted { parent: parent.clone() }),
        }
    }

    async fn standing(&self) -> Result<Standing, LedgerError> {
        Ok(Standing { paused: self.paused().await?, confirmation: self.confirmation().await? })
    }

    async fn wait_for_change(&self, seen: &Standing) -> Result<Standing, LedgerError> {
        loop {
            // First the watches, then the look: what changes in between is told.
            let paused = self.watch(&self.paused_path()).await?;
            let confirmed = self.watch(&self.confirmed_path()).await?;
            let now = self.standing().await?;
            if now != *seen {
                return Ok(now);
            }
            tokio::select! {
                biased;
                _ = paused => {}
                _ = confirmed => {}
                () = sleep(POLL_INTERVAL) => {}
            }
        }
    }

    async fn take(&self, version: i32) -> Result<Option<Confirmation>, LedgerError> {
        let (path, breadcrumb_path) = (self.confirmed_path(), &self.znodes.paths().breadcrumb);
        let Some(left) = self.read(&path).await? else { return Ok(None) };
        let Some(confirmation) = readable(&path, &left) else { return Ok(None) };
        let breadcrumb = self.read(breadcrumb_path).await?;
        let Some(breadcrumb) = breadcrumb.filter(|found| found.version == version) else {
            return Ok(None);
        };
        if breadcrumb.mzxid != confirmation.breadcrumb_mzxid {
            warn!("{} vouched for an older breadcrumb; that says nothing now", confirmation.by);
            return Ok(None);
        }
        let condition = (breadcrumb_path.as_str(), version);
        match self.znodes.delete_if(&path, left.version, condition).await {
            Ok(()) => Ok(Some(confirmation)),
            Err(LockError::NoNode | LockError::BadVersion) => Ok(None),
            Err(error) => Err(self.error("take", &path, error)),
        }
    }

    async fn leave_confirmation(&self, confirmation: &Confirmation) -> Result<(), LedgerError> {
        let breadcrumb = self.read(&self.znodes.paths().breadcrumb).await?;
        match breadcrumb {
            Some(found) if found.mzxid == confirmation.breadcrumb_mzxid => {
                self.put(&self.confirmed_path(), confirmation).await
            }
            _ => Err(LedgerError::BreadcrumbChanged),
        }
    }

    async fn remove(&self, path: &str) -> Result<bool, LedgerError> {
        match self.znodes.delete(path, None).await {
            Ok(()) => Ok(true),
            Err(LockError::NoNode) => Ok(false),
            Err(error) => Err(self.error("delete", path, error)),
        }
    }

    async fn read(&self, path: &str) -> Result<Option<Znode>, LedgerError> {
        self.znodes.read(path).await.map_err(|error| self.error("read", path, error))
    }

    async fn watch(&self, path: &str) -> Result<impl Future + use<>, LedgerError> {
        self.znodes.watch(path).await.map_err(|error| self.error("watch", path, error))
    }

    fn error(&self, what: &'static str, path: &str, source: LockError) -> LedgerError {
        LedgerError::Znode { what, path: path.to_owned(), source }
    }

    fn history_path(&self) -> String {
        format!("{}/history", self.base)
    }

    fn paused_path(&self) -> String {
        format!("{}/paused", self.base)
    }

    fn confirmed_path(&self) -> String {
        format!("{}/confirmed-fenced", self.base)
    }
}

/// A word that cannot be read is none.
fn readable(path: &str, znode: &Znode) -> Option<Confirmation> {
    let read = serde_json::from_slice(&znode.data);
    read.map_err(|error| warn!("{path} is ignored, since it cannot be read: {error}")).ok()
}

impl Ledger for ZooKeeperLedger {
    fn record(&self, failover: FailoverRecord) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(self.add_record(failover))
    }

    fn history(&self) -> BoxFuture<'_, Result<Vec<FailoverRecord>, LedgerError>> {
        Box::pin(async {
            let found = self.read(&self.history_path()).await?;
            Ok(found.map_or_else(Vec::new, |znode| History::read(&znode.data).latest_first()))
        })
    }

    fn pause(&self, paused: Paused) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async move { self.put(&self.paused_path(), &paused).await })
    }

    fn resume(&self) -> BoxFuture<'_, Result<bool, LedgerError>> {
        Box::pin(async { self.remove(&self.paused_path()).await })
    }

    fn paused(&self) -> BoxFuture<'_, Result<Option<Paused>, LedgerError>> {
        Box::pin(async {
            let found = self.read(&self.paused_path()).await?;
            Ok(found.map(|znode| Paused::read(&znode.data, znode.mtime_ms)))
        })
    }

    fn confirm_fenced(&self, confirmation: Confirmation) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async move { self.leave_confirmation(&confirmation).await })
    }

    fn confirmation(&self) -> BoxFuture<'_, Result<Option<Confirmation>, LedgerError>> {
        Box::pin(async {
            let path = self.confirmed_path();
            Ok(self.read(&path).await?.and_then(|znode| readable(&path, &znode)))
        })
    }

    fn take_confirmation(
        &self,
        breadcrumb_version: i32,
    ) -> BoxFuture<'_, Result<Option<Confirmation>, LedgerError>> {
        Box::pin(self.take(breadcrumb_version))
    }

    fn changed(&self, seen: Standing) -> BoxFuture<'_, Result<Standing, LedgerError>> {
        Box::pin(async move { self.wait_for_change(&seen).await })
    }
}
