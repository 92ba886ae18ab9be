use std::time::Duration;

use anyhow::{Context, Result};
use failover::types::ActiveNode;
use tokio::runtime::Runtime;
use zookeeper_client::{Client, Error};

/// Longer than any outage that a scenario makes.
const SESSION_TIMEOUT: Duration = Duration::from_secs(60);

/// What the controllers of a nameservice keep in ZooKeeper, as bytes and decoded.
#[derive(Debug)]
pub struct ElectorZnodes {
    runtime: Runtime,
    client: Client,
    parent: String,
}

impl ElectorZnodes {
    /// Those of a nameservice; `credentials` as `user:password`, if its ACL asks for any.
    pub fn connect(quorum: &str, nameservice: &str, credentials: Option<&str>) -> Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let client = runtime.block_on(async {
            let client =
                Client::connector().with_session_timeout(SESSION_TIMEOUT).connect(quorum).await?;
            if let Some(credentials) = credentials {
                client.auth("digest", credentials.as_bytes()).await?;
            }
            anyhow::Ok(client)
        })?;
        Ok(Self { runtime, client, parent: format!("/hadoop-ha/{nameservice}") })
    }

    /// Who holds the lock.
    pub fn lock_holder(&self) -> Result<Option<ActiveNode>> {
        self.node("ActiveStandbyElectorLock")
    }

    /// Who must be fenced before another NameNode becomes active.
    pub fn breadcrumb(&self) -> Result<Option<ActiveNode>> {
        self.node("ActiveBreadCrumb")
    }

    /// The session that the lock lives with.
    pub fn lock_session(&self) -> Result<Option<i64>> {
        let path = format!("{}/ActiveStandbyElectorLock", self.parent);
        let stat = self.runtime.block_on(self.client.check_stat(&path))?;
        Ok(stat.map(|stat| stat.ephemeral_owner))
    }

    /// Runs something with the client itself.
    pub fn with<T>(&self, what: impl AsyncFnOnce(&Client) -> Result<T>) -> Result<T> {
        self.runtime.block_on(what(&self.client))
    }

    fn node(&self, name: &str) -> Result<Option<ActiveNode>> {
        let path = format!("{}/{name}", self.parent);
        let data = self.runtime.block_on(async {
            self.client.sync(&path).await?;
            self.client.get_data(&path).await
        });
        match data {
            Ok((bytes, _)) => Ok(Some(ActiveNode::decode(&bytes)?)),
            Err(Error::NoNode) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("read {path}")),
        }
    }
}
