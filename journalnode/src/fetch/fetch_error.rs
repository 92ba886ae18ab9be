use std::time::Duration;

use thiserror::Error;

use crate::engine::Fault;
use crate::storage::StorageError;
use crate::types::TxId;

/// Why a segment could not be fetched. Nothing of it is left on disk.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Not an `http` address. Java asks for the scheme before anything else.
    #[error("cannot fetch from {url}: only http addresses can be fetched")]
    UnsupportedUrl {
        /// As the writer sent it.
        url: String,
    },
    /// Nobody answers there.
    #[error("cannot connect to {url}: {reason}")]
    Connect {
        /// Where.
        url: String,
        /// What the system reported.
        reason: String,
    },
    /// The peer stopped sending.
    #[error(
        "{url} sent nothing for {after:?} (dfs.image.transfer.timeout, or dfs.edit.log.transfer.timeout \
             when syncing)"
    )]
    Timeout {
        /// Where.
        url: String,
        /// How long was waited.
        after: Duration,
    },
    /// The peer refused.
    #[error(
        "Image transfer servlet at {url} failed with status code {status}\nResponse message:\n{reason}"
    )]
    Status {
        /// Where.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The reason phrase.
        reason: String,
    },
    /// Without a length a cut transfer cannot be told from a whole one.
    #[error("Content-Length header is not provided by the server when trying to fetch {url}")]
    NoContentLength {
        /// Where.
        url: String,
    },
    /// It would fill the disk.
    #[error(
        "{url} has {needed_bytes} bytes, {free_bytes} are free here, of which \
         dfs.journalnode.free-space.reserve.bytes keeps {reserve_bytes} back; free some space, \
         then it is fetched"
    )]
    NoSpace {
        /// Where.
        url: String,
        /// Length of the file.
        needed_bytes: u64,
        /// Free space of the file system.
        free_bytes: u64,
        /// What must stay free.
        reserve_bytes: u64,
    },
    /// The connection broke in the middle.
    #[error("File {url} received length {received} is not of the advertised size {advertised}")]
    Length {
        /// Where.
        url: String,
        /// Bytes that came.
        received: u64,
        /// Bytes that were promised.
        advertised: u64,
    },
    /// The bytes are not those that were sent.
    #[error("File {url} has digest {computed}, advertised was {advertised}")]
    Digest {
        /// Where.
        url: String,
        /// MD5 of what came, in hex.
        computed: String,
        /// MD5 that was promised, in hex.
        advertised: String,
    },
    /// A whole segment, but not the one that was agreed on. Java would have taken it.
    #[error("{url} served a segment that ends at txid {found:?} instead of {expected}")]
    OtherSegment {
        /// Where.
        url: String,
        /// Last transaction of what came.
        found: Option<TxId>,
        /// Last transaction that was agreed on.
        expected: TxId,
    },
    /// This node is shutting down.
    #[error("the segment was not fetched: this JournalNode is shutting down")]
    Stopping,
    /// The disk failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<&FetchError> for Fault {
    fn from(error: &FetchError) -> Self {
        let java_class = match error {
            FetchError::UnsupportedUrl { .. } => "java.net.MalformedURLException",
            FetchError::Connect { .. } => "java.net.ConnectException",
            FetchError::Timeout { .. } => "java.net.SocketTimeoutException",
            FetchError::Status { .. } => {
                "org.apache.hadoop.hdfs.server.common.HttpGetFailedException"
            }
            FetchError::Storage(error) => error.java_class(),
            _ => "java.io.IOException",
        };
        Self { java_class, message: error.to_string() }
    }
}
