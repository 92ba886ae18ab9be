use bytes::Bytes;
use zookeeper_client::Stat;

use crate::lock::SessionId;

/// A znode, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Znode {
    /// What is in it.
    pub data: Bytes,
    /// Counts the writes since it was created.
    pub version: i32,
    /// The transaction that created it.
    pub czxid: i64,
    /// The transaction that wrote it last.
    pub mzxid: i64,
    /// When it was written last, in milliseconds since 1970, by the clock of ZooKeeper's leader
    /// at that time.
    pub mtime_ms: u64,
    /// The session that it lives with, unless it stays.
    pub owner: Option<SessionId>,
}

impl Znode {
    pub(super) fn new(data: Vec<u8>, stat: &Stat) -> Self {
        Self {
            data: data.into(),
            version: stat.version,
            czxid: stat.czxid,
            mzxid: stat.mzxid,
            mtime_ms: stat.mtime.max(0).unsigned_abs(),
            owner: (stat.ephemeral_owner != 0).then_some(SessionId(stat.ephemeral_owner)),
        }
    }
}
