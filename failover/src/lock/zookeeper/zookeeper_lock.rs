use std::sync::Arc;

use futures_util::future::BoxFuture;
use zookeeper_client::Acl;

use super::{Administration, ElectionPaths, Ensemble, ZooKeeperSession, acls};
use crate::lock::{LockError, LockService, LockSession};
use crate::settings::{StartFailure, ZooKeeperSettings};

/// The lock of one nameservice in ZooKeeper.
#[derive(Clone, Debug)]
pub struct ZooKeeperLock {
    ensemble: Ensemble,
    paths: ElectionPaths,
    acl: Vec<Acl>,
    operation_retries: u32,
}

impl ZooKeeperLock {
    /// The lock of the configuration; nothing is connected yet.
    pub fn new(settings: &ZooKeeperSettings) -> Result<Self, StartFailure> {
        Ok(Self {
            ensemble: Ensemble::new(settings)?,
            paths: ElectionPaths::below(&settings.parent),
            acl: acls::to_wire(&settings.acl),
            operation_retries: settings.operation_retries,
        })
    }

    /// Where things are.
    pub fn paths(&self) -> &ElectionPaths {
        &self.paths
    }

    /// Opens a session for `-formatZK`.
    pub async fn administer(&self) -> Result<Administration, LockError> {
        let session = self.session().await?;
        Ok(Administration::new(session, self.paths.clone(), self.operation_retries))
    }

    /// Opens a session, as [`LockService::open`] does.
    pub async fn session(&self) -> Result<ZooKeeperSession, LockError> {
        let (ensemble, paths) = (self.ensemble.clone(), self.paths.clone());
        ZooKeeperSession::open(ensemble, paths, self.acl.clone()).await
    }
}

impl LockService for ZooKeeperLock {
    fn open(&self) -> BoxFuture<'_, Result<Arc<dyn LockSession>, LockError>> {
        Box::pin(async { Ok(Arc::new(self.session().await?) as Arc<dyn LockSession>) })
    }
}
