use std::sync::Arc;

use bytes::Bytes;
use tokio_util::task::AbortOnDropHandle;
use zookeeper_client::{Acls, CreateMode, Error};

use super::requests::{Answers, request};
use super::shared::Shared;
use super::{ElectionPaths, Znode, acls};
use crate::lock::{AclEntry, LockError};

/// Any znodes, over one session. They are created with the ACL of the lock, and stay.
#[derive(Clone, Debug)]
pub struct Znodes {
    shared: Arc<Shared>,
}

impl Znodes {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Where lock and breadcrumb are.
    pub fn paths(&self) -> &ElectionPaths {
        &self.shared.paths
    }

    /// Reads one, not older than the question.
    pub async fn read(&self, path: &str) -> Result<Option<Znode>, LockError> {
        let path = path.to_owned();
        let read = request(&self.shared, Answers::Leader, |client| async move {
            let synced = client.sync(&path);
            let read = client.get_data(&path);
            synced.await?;
            read.await
        });
        some(read.await.map(|(data, stat)| Znode::new(data, &stat)))
    }

    /// Who may do what with one.
    pub async fn acl(&self, path: &str) -> Result<Option<Vec<AclEntry>>, LockError> {
        let path = path.to_owned();
        let read =
            request(
                &self.shared,
                Answers::Server,
                |client| async move { client.get_acl(&path).await },
            );
        some(read.await.map(|(acl, _)| acls::from_wire(&acl)))
    }

    /// The servers of the ensemble, as it knows them itself: `server.1=…:participant`, one a
    /// line. `None`: it does not tell (ZooKeeper 3.4).
    pub async fn members(&self) -> Result<Option<String>, LockError> {
        let read =
            request(
                &self.shared,
                Answers::Server,
                |client| async move { client.get_config().await },
            );
        some(read.await.map(|(data, _)| String::from_utf8_lossy(&data).into_owned()))
    }

    /// Creates one.
    pub async fn create(&self, path: &str, data: Bytes) -> Result<(), LockError> {
        let (path, acl) = (path.to_owned(), self.shared.acl.clone());
        let created = request(&self.shared, Answers::Leader, |client| async move {
            let options = CreateMode::Persistent.with_acls(Acls::new(&acl));
            client.create(&path, &data, &options).await
        });
        created.await.map(drop)
    }

    /// Replaces what is in one, or in that version of it.
    pub async fn write(
        &self,
        path: &str,
        data: Bytes,
        expected: Option<i32>,
    ) -> Result<(), LockError> {
        let path = path.to_owned();
        let written = request(&self.shared, Answers::Leader, |client| async move {
            client.set_data(&path, &data, expected).await
        });
        written.await.map(drop)
    }

    /// Deletes one, or that version of it.
    pub async fn delete(&self, path: &str, expected: Option<i32>) -> Result<(), LockError> {
        let path = path.to_owned();
        let deleted = request(&self.shared, Answers::Leader, |client| async move {
            client.delete(&path, expected).await
        });
        deleted.await
    }

    /// Deletes that version of one if another one has this version, or does nothing.
    pub async fn delete_if(
        &self,
        path: &str,
        version: i32,
        (other, other_version): (&str, i32),
    ) -> Result<(), LockError> {
        let (path, other) = (path.to_owned(), other.to_owned());
        let deleted = request(&self.shared, Answers::Leader, |client| async move {
            let mut writer = client.new_multi_writer();
            writer.add_check_version(&other, other_version)?;
            writer.add_delete(&path, Some(version))?;
            writer.commit().await.map_err(Error::from)
        });
        deleted.await.map(drop)
    }

    /// Waits for the next change of one, which need not be there. Ends too when that cannot be
    /// told any more. Dropping it ends the watch.
    pub async fn watch(
        &self,
        path: &str,
    ) -> Result<impl Future<Output = ()> + Send + Unpin + use<>, LockError> {
        let path = path.to_owned();
        let set = request(&self.shared, Answers::Server, |client| async move {
            client.check_and_watch_stat(&path).await
        });
        let (_, watcher) = set.await?;
        // In a task of its own: the crate asserts that every watcher is told something.
        let fired = AbortOnDropHandle::new(tokio::spawn(watcher.changed()));
        Ok(Box::pin(async move { drop(fired.await) }))
    }
}

fn some<T>(answer: Result<T, LockError>) -> Result<Option<T>, LockError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(LockError::NoNode) => Ok(None),
        Err(error) => Err(error),
    }
}
