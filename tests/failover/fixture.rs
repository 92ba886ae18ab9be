use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use bytes::Bytes;
use failover::lock::zookeeper::{AncestorAcls, ZooKeeperLock};
use failover::lock::{AclEntry, AuthEntry, LockService, LockSession, SessionEvent};
use failover::settings::ZooKeeperSettings;
use system_tests::process::WorkDir;
use system_tests::zookeeper::ZooKeeperServer;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;
use zookeeper_client::Client;

/// What Java's controller wrote into the lock of nn1.
pub const JAVA_NN1: Bytes = Bytes::from_static(
    b"\x0a\x07nsd1907\x12\x03nn1\x1a\x0a127.0.0.11\x20\x85\x9d\x01\x28\x99\x9d\x01",
);
/// The session timeout of these tests.
pub const TIMEOUT: Duration = Duration::from_secs(2);
/// How long anything that should happen may take.
pub const PATIENCE: Duration = Duration::from_secs(30);
pub const PARENT: &str = "/hadoop-ha/nsd1907";

/// Settings for an ensemble.
pub fn settings(quorum: impl ToString) -> ZooKeeperSettings {
    ZooKeeperSettings {
        quorum: quorum.to_string(),
        session_timeout: TIMEOUT,
        parent: PARENT.to_owned(),
        acl: AclEntry::parse_list("world:anyone:rwcda").unwrap_or_default(),
        auth: Vec::new(),
        operation_retries: 3,
        tls: None,
    }
}

/// The same with an ACL and credentials.
pub fn secured(quorum: impl ToString, acl: &str, auth: &str) -> Result<ZooKeeperSettings> {
    let (acl, auth) = (AclEntry::parse_list(acl)?, AuthEntry::parse_list(auth)?);
    Ok(ZooKeeperSettings { acl, auth, ..settings(quorum) })
}

/// The lock of these settings.
pub fn lock(settings: &ZooKeeperSettings) -> Result<ZooKeeperLock> {
    Ok(ZooKeeperLock::new(settings)?)
}

/// The lock of these settings, its parent created.
pub async fn formatted(settings: &ZooKeeperSettings) -> Result<ZooKeeperLock> {
    let lock = lock(settings)?;
    let administration = lock.administer().await?;
    administration.create(AncestorAcls::Keep).await?;
    administration.close().await;
    Ok(lock)
}

/// A session of which the events are listened to.
pub struct Listened {
    pub session: Arc<dyn LockSession>,
    pub events: UnboundedReceiver<SessionEvent>,
}

impl Listened {
    pub async fn open(lock: &ZooKeeperLock) -> Result<Self> {
        let session = lock.open().await?;
        let events = session.events();
        Ok(Self { session, events })
    }

    /// The next event must be this one.
    pub async fn expect(&mut self, expected: SessionEvent) -> Result<()> {
        let event = self.next().await?;
        ensure!(event == expected, "{event} instead of {expected}");
        Ok(())
    }

    /// The next event, whichever it is.
    pub async fn next(&mut self) -> Result<SessionEvent> {
        match timeout(PATIENCE, self.events.recv()).await {
            Ok(Some(event)) => Ok(event),
            Ok(None) => bail!("the session told nothing more"),
            Err(_) => bail!("no event within {PATIENCE:?}"),
        }
    }

    /// Whether the lock is ours.
    pub async fn owns_lock(&self) -> Result<bool> {
        let owner = self.session.stat_lock().await?;
        Ok(owner.is_some_and(|owner| owner.session == self.session.id()))
    }
}

/// A plain client, for what the lock service does not do.
pub async fn client(quorum: impl ToString) -> Result<Client> {
    Ok(Client::connector().with_session_timeout(TIMEOUT).connect(&quorum.to_string()).await?)
}

/// Runs a scenario with a server of its own.
pub fn with_server<S, F>(name: &str, scenario: S)
where
    S: FnOnce(ZooKeeperServer) -> F,
    F: Future<Output = Result<()>>,
{
    WorkDir::run(name, |root: &Path| {
        let mut server = ZooKeeperServer::new("zookeeper", root)?;
        server.start()?;
        block_on(scenario(server))
    });
}

/// As a daemon runs: several threads, all drivers.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(future)
}
