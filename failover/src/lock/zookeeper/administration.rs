use std::sync::Arc;

use tracing::{info, warn};
use zookeeper_client::{Acls, Client, CreateMode, Error};

use super::requests::{Answers, request};
use super::shared::Shared;
use super::{ElectionPaths, ZooKeeperSession, acls};
use crate::lock::{LockError, LockOwner, LockSession};

/// Prepares ZooKeeper for an election, or clears what is left of one.
#[derive(Debug)]
pub struct Administration {
    session: ZooKeeperSession,
    paths: ElectionPaths,
    tries: u32,
}

/// What is done about the ACL of ancestors that were there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AncestorAcls {
    /// They stay: others may live below them.
    Keep,
    /// They become ours, as Java makes them.
    Set,
}

impl Administration {
    pub(super) fn new(session: ZooKeeperSession, paths: ElectionPaths, retries: u32) -> Self {
        Self { session, paths, tries: retries.max(1) }
    }

    /// The session, to look without changing anything.
    pub fn session(&self) -> &dyn LockSession {
        &self.session
    }

    /// Where things are.
    pub fn paths(&self) -> &ElectionPaths {
        &self.paths
    }

    /// Who holds the lock, if anyone.
    pub async fn lock_owner(&self) -> Result<Option<LockOwner>, LockError> {
        self.retrying(|| self.session.stat_lock()).await
    }

    /// Deletes the znode of the nameservice and all below it, nothing beside it.
    pub async fn clear(&self) -> Result<(), LockError> {
        info!("deleting {} and all below it from ZooKeeper", self.paths.parent);
        let mut to_do = vec![(self.paths.parent.clone(), false)];
        while let Some((path, is_emptied)) = to_do.pop() {
            if is_emptied {
                self.delete(&path).await?;
                continue;
            }
            let children = self.children(&path).await?;
            to_do.push((path.clone(), true));
            to_do.extend(children.into_iter().map(|name| (format!("{path}/{name}"), false)));
        }
        Ok(())
    }

    /// Creates the znode of the nameservice, and those above it that are not there.
    pub async fn create(&self, ancestors: AncestorAcls) -> Result<(), LockError> {
        for path in self.paths.components() {
            match self.retrying(|| self.create_empty(path)).await {
                Ok(()) => info!("created {path} in ZooKeeper"),
                Err(LockError::NodeExists) => self.found(path, ancestors).await?,
                Err(error) => return Err(at(path, "create", error)),
            }
        }
        Ok(())
    }

    /// Ends the session.
    pub async fn close(self) {
        self.session.close().await;
    }

    /// A znode that somebody created before us.
    async fn found(&self, path: &str, ancestors: AncestorAcls) -> Result<(), LockError> {
        let is_ours = path == self.paths.parent || ancestors == AncestorAcls::Set;
        let fixed = self.retrying(|| self.fix_acl(path, is_ours)).await;
        match fixed {
            // Without the right to look there is nothing to tell.
            Err(LockError::NoAuth) if !is_ours => Ok(()),
            Err(error) => Err(at(path, "set the ACL of", error)),
            Ok(()) => Ok(()),
        }
    }

    async fn fix_acl(&self, path: &str, is_ours: bool) -> Result<(), LockError> {
        let wanted = self.shared().acl.clone();
        let asked = path.to_owned();
        let (found, stat) = self.ask(|client| async move { client.get_acl(&asked).await }).await?;
        let (found, ours) = (acls::from_wire(&found), acls::from_wire(&wanted));
        if acls::are_equal(&found, &ours) {
            return Ok(());
        }
        let shown = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        if !is_ours {
            warn!("{path} was there before with ACL {shown}, not ha.zookeeper.acl; it keeps it");
            return Ok(());
        }
        info!("{path} has ACL {shown}; it gets that of ha.zookeeper.acl");
        let asked = path.to_owned();
        let set =
            self.ask(
                |client| async move { client.set_acl(&asked, &wanted, Some(stat.aversion)).await },
            );
        set.await.map(drop)
    }

    async fn create_empty(&self, path: &str) -> Result<(), LockError> {
        let (path, acl) = (path.to_owned(), self.shared().acl.clone());
        let created = self.ask(|client| async move {
            client.create(&path, b"", &CreateMode::Persistent.with_acls(Acls::new(&acl))).await
        });
        created.await.map(drop)
    }

    async fn children(&self, path: &str) -> Result<Vec<String>, LockError> {
        let list = || {
            let path = path.to_owned();
            self.ask(|client| async move { client.list_children(&path).await })
        };
        match self.retrying(list).await {
            Err(LockError::NoNode) => Ok(Vec::new()),
            listed => listed.map_err(|error| at(path, "list", error)),
        }
    }

    async fn delete(&self, path: &str) -> Result<(), LockError> {
        let delete = || {
            let path = path.to_owned();
            self.ask(|client| async move { client.delete(&path, None).await })
        };
        match self.retrying(delete).await {
            // An earlier try without an answer, or an ephemeral one that ended.
            Ok(()) | Err(LockError::NoNode) => Ok(()),
            Err(error) => Err(at(path, "delete", error)),
        }
    }

    /// As many tries as Java's `zkDoWithRetries`.
    async fn retrying<T, F, A>(&self, mut attempt: F) -> Result<T, LockError>
    where
        F: FnMut() -> A,
        A: Future<Output = Result<T, LockError>>,
    {
        let mut tries = 1;
        loop {
            match attempt().await {
                Err(LockError::ConnectionLoss | LockError::BadVersion) if tries < self.tries => {
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn ask<T, F, A>(&self, send: F) -> Result<T, LockError>
    where
        F: FnOnce(Client) -> A + Send,
        A: Future<Output = Result<T, Error>> + Send + 'static,
        T: Send + 'static,
    {
        request(self.shared(), Answers::Server, send).await
    }

    fn shared(&self) -> &Arc<Shared> {
        self.session.shared()
    }
}

/// An error that names the znode.
fn at(path: &str, what: &str, error: LockError) -> LockError {
    LockError::Other(format!("cannot {what} {path}: {error}"))
}
