use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::{Running, Standing, Writer};
use crate::engine::{SegmentDamage, State};
use crate::sync::RejoinProgress;
use crate::types::{Epoch, JournalId, SegmentFile, StorageInfo, TxId};

/// A journal at one moment, for people and monitoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalStatus {
    /// Its name.
    pub id: JournalId,
    /// Its directory.
    pub directory: PathBuf,
    /// Its namespace; `None` if it is not formatted.
    pub info: Option<StorageInfo>,
    /// No lower epoch is served.
    pub last_promised_epoch: Epoch,
    /// The epoch that last started a segment.
    pub last_writer_epoch: Epoch,
    /// What it knows to be committed.
    pub committed_txid: Option<TxId>,
    /// The last transaction that readers may see.
    pub highest_written: TxId,
    /// How far it is behind what it knows to be committed, in transactions.
    pub lag_txns: i64,
    /// First transaction of the segment being written.
    pub open_segment: Option<TxId>,
    /// How many segments it has, the one being written included.
    pub segments: usize,
    /// Segments that were closed because the disk failed, with what it reported.
    pub failed_segments: Vec<(TxId, String)>,
    /// Finished segments that are not what they were, and what is wrong with each.
    pub damaged_segments: Vec<(SegmentFile, SegmentDamage)>,
    /// How far a node that lost its directory has got on its way back; `None` for any other.
    pub rejoin: Option<RejoinProgress>,
    /// The effect that the disk has not finished, if there is one.
    pub running: Option<Running>,
    /// Since when the oldest of the requests waits that wait for their turn.
    pub queued_since: Option<Instant>,
    /// Whether a writer goes on without this node, until the next segment starts.
    pub out_of_step: bool,
    /// How it stands with its writer.
    pub standing: Standing,
    /// The last writer that asked for something since the process started.
    pub writer: Option<Writer>,
    /// When the last batch was written since the process started.
    pub last_write: Option<SystemTime>,
    /// What must stay free for a new segment to start, in bytes.
    pub reserve_bytes: u64,
    /// Why the journal serves no more changes, if it does not.
    pub out_of_service: Option<String>,
    /// Bytes of records in the edits cache; `None` without one.
    pub cache_bytes: Option<usize>,
}

impl JournalStatus {
    pub(super) fn of(id: &JournalId, state: &State) -> Self {
        Self {
            id: id.clone(),
            directory: state.directory.clone(),
            info: state.info.clone(),
            last_promised_epoch: state.last_promised_epoch,
            last_writer_epoch: state.last_writer_epoch,
            committed_txid: state.committed_txid,
            highest_written: state.highest_written,
            lag_txns: state.lag_txns(),
            open_segment: state.open.map(|open| open.first),
            segments: state.segments.len(),
            failed_segments: state.failed_segments.clone().into_iter().collect(),
            damaged_segments: state.damaged_segments.clone().into_iter().collect(),
            rejoin: None,
            out_of_step: false,
            standing: Standing::Idle,
            writer: None,
            last_write: None,
            reserve_bytes: state.reserve_bytes,
            running: None,
            queued_since: None,
            out_of_service: state.out_of_service.clone(),
            cache_bytes: state.cache.as_ref().map(|cache| cache.size_bytes()),
        }
    }

    /// Free space of its file system in bytes; `None` if that cannot be told. Asks the disk.
    pub fn free_space_bytes(&self) -> Option<u64> {
        let here = self.directory.ancestors().find(|directory| directory.exists())?;
        let stat = rustix::fs::statvfs(here).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// How long something here has not got on: what the disk has not finished, or the request
    /// that waits longest for its turn.
    pub fn stalled_for(&self, now: Instant) -> Duration {
        let since = self.running.map(|running| running.since).into_iter().chain(self.queued_since);
        since.min().map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// Whether it has been formatted.
    pub fn is_formatted(&self) -> bool {
        self.info.is_some()
    }
}
