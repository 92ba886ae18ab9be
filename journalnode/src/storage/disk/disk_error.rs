use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

/// The operating system refused something.
#[derive(Clone, Debug, Error)]
#[error("cannot {operation} {}: {source}", path.display())]
pub struct DiskError {
    /// What was tried, as a verb: `open`, `sync`.
    pub operation: &'static str,
    /// On which path.
    pub path: PathBuf,
    /// What came back.
    pub source: Arc<io::Error>,
}

impl DiskError {
    /// Names the operation and the path of an error.
    pub fn new(operation: &'static str, path: &Path, source: impl Into<io::Error>) -> Self {
        Self { operation, path: path.to_owned(), source: Arc::new(source.into()) }
    }

    /// Whether the file or directory does not exist.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }

    /// Whether the target exists already.
    pub fn is_already_exists(&self) -> bool {
        self.source.kind() == io::ErrorKind::AlreadyExists
    }
}
