use std::os::fd::OwnedFd;
use std::path::PathBuf;

use hadoop_ipc::server::{Carried, CarriedCaller, PassedConnection};
use serde::{Deserialize, Serialize};

use crate::engine::{Memory, OpenSegment};
use crate::journal::PassedJournal;
use crate::storage::PassedSegment;
use crate::types::{BadJournalId, Epoch, JournalId, LayoutVersion, StorageInfo, TxId};

/// A connection, but for its socket and what was read of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireConnection {
    greeted: bool,
    caller: Option<WireCaller>,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireCaller {
    user: Option<String>,
    protocol: Option<String>,
}

/// A journal, but for its lock.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireJournal {
    id: String,
    directory: PathBuf,
    info: Option<WireInfo>,
    last_promised_epoch: i64,
    last_writer_epoch: i64,
    committed_txid: Option<i64>,
    ipc_serial: i64,
    last_opened: Option<i64>,
    highest_written: i64,
    open: Option<WireSegment>,
    out_of_step: bool,
    left_whole: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireInfo {
    layout_version: i32,
    namespace_id: i32,
    cluster_id: String,
    c_time: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireSegment {
    first: i64,
    layout_version: i32,
    last: Option<i64>,
    offset: u64,
    len: u64,
    last_batch: u64,
}

impl WireConnection {
    pub(super) fn of(carried: &Carried) -> Self {
        let caller = carried.caller.clone();
        let caller = caller.map(|CarriedCaller { user, protocol }| WireCaller { user, protocol });
        Self { greeted: carried.greeted, caller }
    }

    pub(super) fn passed(self, stream: OwnedFd, undecoded: Vec<u8>) -> PassedConnection {
        let caller =
            self.caller.map(|WireCaller { user, protocol }| CarriedCaller { user, protocol });
        PassedConnection { stream, carried: Carried { greeted: self.greeted, caller, undecoded } }
    }
}

impl WireJournal {
    pub(super) fn of(journal: &PassedJournal) -> Self {
        let PassedJournal { id, directory, memory, segment, out_of_step, left_whole, .. } = journal;
        Self {
            id: id.as_str().to_owned(),
            directory: directory.clone(),
            info: memory.info.as_ref().map(WireInfo::of),
            last_promised_epoch: memory.last_promised_epoch.0,
            last_writer_epoch: memory.last_writer_epoch.0,
            committed_txid: memory.committed_txid.map(|txid| txid.0),
            ipc_serial: memory.ipc_serial,
            last_opened: memory.last_opened.map(|txid| txid.0),
            highest_written: memory.highest_written.0,
            open: segment.as_ref().map(WireSegment::of),
            out_of_step: *out_of_step,
            left_whole: *left_whole,
        }
    }

    pub(super) fn passed(self, lock: OwnedFd) -> Result<PassedJournal, BadJournalId> {
        let segment = self.open.map(WireSegment::segment);
        let memory = Memory {
            info: self.info.map(WireInfo::info),
            last_promised_epoch: Epoch(self.last_promised_epoch),
            last_writer_epoch: Epoch(self.last_writer_epoch),
            committed_txid: self.committed_txid.map(TxId),
            ipc_serial: self.ipc_serial,
            open: segment.map(open_segment),
            last_opened: self.last_opened.map(TxId),
            highest_written: TxId(self.highest_written),
        };
        Ok(PassedJournal {
            id: JournalId::new(&self.id)?,
            directory: self.directory,
            memory,
            segment,
            out_of_step: self.out_of_step,
            left_whole: self.left_whole,
            lock,
        })
    }
}

impl WireInfo {
    fn of(info: &StorageInfo) -> Self {
        Self {
            layout_version: info.layout_version.0,
            namespace_id: info.namespace_id,
            cluster_id: info.cluster_id.clone(),
            c_time: info.c_time,
        }
    }

    fn info(self) -> StorageInfo {
        StorageInfo {
            layout_version: LayoutVersion(self.layout_version),
            namespace_id: self.namespace_id,
            cluster_id: self.cluster_id,
            c_time: self.c_time,
        }
    }
}

impl WireSegment {
    fn of(segment: &PassedSegment) -> Self {
        Self {
            first: segment.first.0,
            layout_version: segment.layout_version.0,
            last: segment.last.map(|txid| txid.0),
            offset: segment.offset,
            len: segment.len,
            last_batch: segment.last_batch,
        }
    }

    fn segment(self) -> PassedSegment {
        PassedSegment {
            first: TxId(self.first),
            layout_version: LayoutVersion(self.layout_version),
            last: self.last.map(TxId),
            offset: self.offset,
            len: self.len,
            last_batch: self.last_batch,
        }
    }
}

/// Only what is synced is passed on.
fn open_segment(segment: PassedSegment) -> OpenSegment {
    let PassedSegment { first, layout_version, last, .. } = segment;
    OpenSegment { first, layout_version, last, last_synced: last }
}
