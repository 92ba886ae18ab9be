use std::path::{Path, PathBuf};

use crate::types::{Epoch, SegmentFile, TxId};

/// Where the files of one journal are (`Storage.StorageDirectory`, `JNStorage`).
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) root: PathBuf,
    pub(super) current: PathBuf,
    pub(super) previous: PathBuf,
    pub(super) paxos: PathBuf,
}

pub(super) const VERSION: &str = "VERSION";
pub(super) const LAST_PROMISED_EPOCH: &str = "last-promised-epoch";
pub(super) const LAST_WRITER_EPOCH: &str = "last-writer-epoch";
pub(super) const COMMITTED_TXID: &str = "committed-txid";
pub(super) const PAXOS: &str = "paxos";
const LOCK: &str = "in_use.lock";

impl Layout {
    pub(super) fn new(root: PathBuf) -> Self {
        let current = root.join("current");
        let paxos = current.join(PAXOS);
        Self { previous: root.join("previous"), paxos, current, root }
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join(LOCK)
    }

    pub(super) fn previous_tmp(&self) -> PathBuf {
        self.root.join("previous.tmp")
    }

    pub(super) fn removed_tmp(&self) -> PathBuf {
        self.root.join("removed.tmp")
    }

    pub(super) fn finalized_tmp(&self) -> PathBuf {
        self.root.join("finalized.tmp")
    }

    pub(super) fn last_checkpoint_tmp(&self) -> PathBuf {
        self.root.join("lastcheckpoint.tmp")
    }

    pub(super) fn previous_checkpoint(&self) -> PathBuf {
        self.root.join("previous.checkpoint")
    }

    pub(super) fn version(&self) -> PathBuf {
        self.current.join(VERSION)
    }

    pub(super) fn segment(&self, file: SegmentFile) -> PathBuf {
        self.current.join(file.to_string())
    }

    pub(super) fn download(&self, first: TxId, epoch: Epoch) -> PathBuf {
        self.current.join(format!("{}.epoch={epoch}", SegmentFile::in_progress(first)))
    }

    /// Where the syncer puts what it fetches.
    pub(super) fn edits_sync(&self) -> PathBuf {
        self.root.join("edits.sync")
    }

    pub(super) fn synced(&self, file: SegmentFile) -> PathBuf {
        self.edits_sync().join(file.to_string())
    }

    /// Where the copy of one peer of a damaged segment goes, until it is compared with others.
    pub(super) fn copy(&self, file: SegmentFile, peer: usize) -> PathBuf {
        self.edits_sync().join(format!("{file}.from-{peer}"))
    }

    /// The copy that was chosen.
    pub(super) fn good_copy(&self, file: SegmentFile) -> PathBuf {
        self.edits_sync().join(format!("{file}.good"))
    }

    pub(super) fn paxos_record(&self, first: TxId) -> PathBuf {
        self.paxos.join(first.to_string())
    }
}

/// The path with something appended to its last name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
