use std::path::{Path, PathBuf};

use thiserror::Error;

use super::disk::DiskError;
use crate::editlog::{ScanError, SegmentFlaw};

/// Why the storage did not do what it was asked.
#[derive(Clone, Debug, Error)]
pub enum StorageError {
    /// The operating system refused.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The directory is in a state that Java refuses (`InconsistentFSStateException`).
    #[error("Directory {} is in an inconsistent state: {reason}", directory.display())]
    Inconsistent {
        /// The journal's directory.
        directory: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process, or another journal of this one, holds the directory.
    #[error(
        "Cannot lock storage {}. The directory is already locked by {owner}",
        directory.display()
    )]
    Locked {
        /// The journal's directory.
        directory: PathBuf,
        /// What the holder wrote into the lock file: `pid@host`.
        owner: String,
    },
    /// A file holds what it must not.
    #[error("{}: {reason}", path.display())]
    Corrupt {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A precondition of Java's does not hold (`IllegalStateException`).
    #[error("{0}")]
    IllegalState(String),
    /// The open segment could not be written.
    #[error("{source}")]
    Append {
        /// What that left behind.
        fault: AppendFault,
        /// What failed.
        source: DiskError,
    },
}

/// What a failed append or close left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendFault {
    /// What failed.
    pub during: AppendPhase,
    /// Whether the file was cut back to its last durable batch, durably.
    pub tail_restored: bool,
    /// Whether the segment is still open, so that the batch may come again. Never after a
    /// failed sync.
    pub still_open: bool,
}

/// A step of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendPhase {
    /// Writing the bytes.
    Write,
    /// Making them durable.
    Sync,
}

impl StorageError {
    /// The class that Java's JournalNode would throw.
    pub fn java_class(&self) -> &'static str {
        match self {
            Self::Disk(error) if error.is_not_found() && error.operation == "open" => {
                "java.io.FileNotFoundException"
            }
            Self::Disk(_) | Self::Locked { .. } | Self::Corrupt { .. } | Self::Append { .. } => {
                "java.io.IOException"
            }
            Self::Inconsistent { .. } => {
                "org.apache.hadoop.hdfs.server.common.InconsistentFSStateException"
            }
            Self::IllegalState(_) => "java.lang.IllegalStateException",
        }
    }

    /// What a failed append or close left behind, if that is what failed.
    pub fn append_fault(&self) -> Option<AppendFault> {
        match self {
            Self::Append { fault, .. } => Some(*fault),
            _ => None,
        }
    }

    /// Whether a precondition was not met, so that nothing was changed.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Inconsistent { .. } | Self::Locked { .. } | Self::IllegalState(_))
    }

    /// Whether a sync failed: what it should have made durable may be lost, and the kernel
    /// will not say so a second time.
    pub fn is_sync_failure(&self) -> bool {
        matches!(self, Self::Disk(error) if error.operation.starts_with("sync"))
    }

    pub(super) fn inconsistent(directory: &Path, reason: impl Into<String>) -> Self {
        Self::Inconsistent { directory: directory.to_owned(), reason: reason.into() }
    }

    pub(super) fn corrupt(path: &Path, reason: impl Into<String>) -> Self {
        Self::Corrupt { path: path.to_owned(), reason: reason.into() }
    }

    pub(super) fn flaw(path: &Path, flaw: SegmentFlaw<DiskError>) -> Self {
        match flaw {
            SegmentFlaw::Read(error) => Self::Disk(error),
            other => Self::corrupt(path, other.to_string()),
        }
    }

    pub(super) fn scan(path: &Path, error: ScanError<DiskError>) -> Self {
        match error {
            ScanError::Read(error) => Self::Disk(error),
            other => Self::corrupt(path, other.to_string()),
        }
    }
}
