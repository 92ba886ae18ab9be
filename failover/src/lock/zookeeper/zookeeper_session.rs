use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::{info, warn};
use zookeeper_client::{Acl, Acls, Client, CreateMode, Error, StateWatcher};

use super::requests::{Answers, request};
use super::shared::{Link, Shared};
use super::{ElectionPaths, Ensemble, Znodes, contact, lock_watch, supervisor};
use crate::ledger::{Ledger, ZooKeeperLedger};
use crate::lock::{Breadcrumb, LockError, LockOwner, LockSession, SessionEvent, SessionId};

/// Longest wait for the ensemble to confirm that a session is closed: a process that is told to
/// stop is killed after 5 s.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// A session with ZooKeeper. Dropping it closes it, in the background.
#[derive(Debug)]
pub struct ZooKeeperSession {
    shared: Arc<Shared>,
    events: Mutex<Option<mpsc::UnboundedReceiver<SessionEvent>>>,
}

impl ZooKeeperSession {
    pub(super) async fn open(
        ensemble: Ensemble,
        paths: ElectionPaths,
        acl: Vec<Acl>,
    ) -> Result<Self, LockError> {
        let opened = Instant::now();
        let client = ensemble.open().await?;
        let states = client.state_watcher();
        let (shared, events) = Shared::new(ensemble, paths, acl, client, opened);
        let shared = Arc::new(shared);
        tokio::spawn(supervisor::supervise(shared.clone(), states));
        tokio::spawn(contact::keep(shared.clone()));
        contact::ask(&shared).await;
        Ok(Self { shared, events: Mutex::new(Some(events)) })
    }

    /// Any znodes, over this session.
    pub fn znodes(&self) -> Znodes {
        Znodes::new(self.shared.clone())
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// A read that is not older than its request: reads are answered by the server at hand, which
    /// may be behind the leader until it has answered a `sync`.
    async fn read(&self, path: &str) -> Result<Option<(Bytes, i32)>, LockError> {
        let path = path.to_owned();
        let read = request(&self.shared, Answers::Leader, |client| async move {
            let synced = client.sync(&path);
            let read = client.get_data(&path);
            synced.await?;
            read.await
        });
        match read.await {
            Ok((data, stat)) => Ok(Some((data.into(), stat.version))),
            Err(LockError::NoNode) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn create(&self, path: &str, data: Bytes, mode: CreateMode) -> Result<(), LockError> {
        let (path, acl) = (path.to_owned(), self.shared.acl.clone());
        let created = request(&self.shared, Answers::Leader, |client| async move {
            client.create(&path, &data, &mode.with_acls(Acls::new(&acl))).await
        });
        created.await.map(drop)
    }

    async fn look_at_lock(&self) -> Result<Option<LockOwner>, LockError> {
        let _one_at_a_time = self.shared.look.lock().await;
        let path = self.shared.paths.lock.clone();
        let watch = !self.shared.is_watching();
        let looked = request(&self.shared, Answers::Leader, move |client| async move {
            look(&client, &path, watch).await
        });
        let (stat, watcher) = looked.await?;
        if let Some(watcher) = watcher {
            lock_watch::start(&self.shared, watcher);
        }
        Ok(stat.map(|stat| LockOwner {
            session: SessionId(stat.ephemeral_owner),
            version: stat.version,
            czxid: stat.czxid,
        }))
    }

    async fn end(&self) {
        let id = self.shared.id;
        let closing = async {
            match self.shared.end(LockError::SessionExpired) {
                Link::Up(client) => closed(client).await,
                // Its lock would stay until the ensemble expires it.
                Link::Down => {
                    let resumed = self.shared.ensemble.resume(self.shared.resume_by.clone());
                    if let Ok(client) = resumed.await {
                        closed(client).await;
                    }
                }
                Link::Over(_) => {}
            }
        };
        match timeout(CLOSE_LIMIT, closing).await {
            Ok(()) => info!("session {id} with ZooKeeper is closed"),
            Err(_) => warn!(
                "ZooKeeper did not confirm within {CLOSE_LIMIT:?} that session {id} is closed; its \
                 lock may stay for another {:?}",
                self.shared.timeout
            ),
        }
    }
}

/// The crate closes a session when the last clone of its client is dropped.
async fn closed(client: Client) {
    let mut states: StateWatcher = client.state_watcher();
    drop(client);
    while !states.peek_state().is_terminated() {
        states.changed().await;
    }
}

type Look = (Option<zookeeper_client::Stat>, Option<zookeeper_client::OneshotWatcher>);

async fn look(client: &Client, path: &str, watch: bool) -> Result<Look, Error> {
    let synced = client.sync(path);
    if watch {
        let looked = client.check_and_watch_stat(path);
        synced.await?;
        let (stat, watcher) = looked.await?;
        return Ok((stat, Some(watcher)));
    }
    let looked = client.check_stat(path);
    synced.await?;
    Ok((looked.await?, None))
}

impl LockSession for ZooKeeperSession {
    fn id(&self) -> SessionId {
        self.shared.id
    }

    fn timeout(&self) -> Duration {
        self.shared.timeout
    }

    fn last_contact(&self) -> Instant {
        self.shared.last_contact()
    }

    fn parent_exists(&self) -> BoxFuture<'_, Result<bool, LockError>> {
        let path = self.shared.paths.parent.clone();
        Box::pin(async move {
            let looked = request(&self.shared, Answers::Server, |client| async move {
                client.check_stat(&path).await
            });
            Ok(looked.await?.is_some())
        })
    }

    fn create_lock(&self, data: Bytes) -> BoxFuture<'_, Result<(), LockError>> {
        Box::pin(self.create(&self.shared.paths.lock, data, CreateMode::Ephemeral))
    }

    fn stat_lock(&self) -> BoxFuture<'_, Result<Option<LockOwner>, LockError>> {
        Box::pin(self.look_at_lock())
    }

    fn read_lock(&self) -> BoxFuture<'_, Result<Option<Bytes>, LockError>> {
        Box::pin(async { Ok(self.read(&self.shared.paths.lock).await?.map(|(data, _)| data)) })
    }

    fn read_breadcrumb(&self) -> BoxFuture<'_, Result<Option<Breadcrumb>, LockError>> {
        Box::pin(async {
            let read = self.read(&self.shared.paths.breadcrumb).await?;
            Ok(read.map(|(data, version)| Breadcrumb { data, version }))
        })
    }

    fn write_breadcrumb(
        &self,
        data: Bytes,
        expected: Option<i32>,
    ) -> BoxFuture<'_, Result<(), LockError>> {
        let path = &self.shared.paths.breadcrumb;
        match expected {
            None => Box::pin(self.create(path, data, CreateMode::Persistent)),
            Some(version) => {
                let path = path.clone();
                Box::pin(async move {
                    let written = request(&self.shared, Answers::Leader, |client| async move {
                        client.set_data(&path, &data, Some(version)).await
                    });
                    written.await.map(drop)
                })
            }
        }
    }

    fn delete_breadcrumb(&self, version: i32) -> BoxFuture<'_, Result<(), LockError>> {
        let path = self.shared.paths.breadcrumb.clone();
        Box::pin(async move {
            let deleted = request(&self.shared, Answers::Leader, |client| async move {
                client.delete(&path, Some(version)).await
            });
            deleted.await
        })
    }

    fn mark_lock(&self, data: Bytes) -> BoxFuture<'_, Result<(), LockError>> {
        let path = self.shared.paths.lock.clone();
        Box::pin(async move {
            let marked = request(&self.shared, Answers::Leader, |client| async move {
                client.set_data(&path, &data, Some(0)).await
            });
            marked.await.map(drop)
        })
    }

    fn take_over(
        &self,
        data: Bytes,
        breadcrumb_version: i32,
    ) -> BoxFuture<'_, Result<(), LockError>> {
        let (paths, acl) = (self.shared.paths.clone(), self.shared.acl.clone());
        Box::pin(async move {
            let taken = request(&self.shared, Answers::Leader, |client| async move {
                let ephemeral = CreateMode::Ephemeral.with_acls(Acls::new(&acl));
                let mut writer = client.new_multi_writer();
                writer.add_set_data(&paths.breadcrumb, &data, Some(breadcrumb_version))?;
                writer.add_delete(&paths.lock, Some(LockOwner::MARKED))?;
                writer.add_create(&paths.lock, &data, &ephemeral)?;
                writer.commit().await.map_err(Error::from)
            });
            taken.await.map(drop)
        })
    }

    fn events(&self) -> mpsc::UnboundedReceiver<SessionEvent> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner).take();
        events.unwrap_or_else(|| mpsc::unbounded_channel().1)
    }

    fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::new(ZooKeeperLedger::new(self.znodes()))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.end())
    }
}

impl Drop for ZooKeeperSession {
    fn drop(&mut self) {
        self.shared.end(LockError::SessionExpired);
    }
}
