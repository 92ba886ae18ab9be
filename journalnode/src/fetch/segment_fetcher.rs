use std::sync::Mutex;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, HeaderMap};
use hyper::{Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::transfer::Transfer;
use super::{Connector, FetchError};
use crate::engine::{Fetch, ScanTarget};
use crate::journal::Blocking;
use crate::storage::{DownloadFile, JournalFiles, StorageError};
use crate::throttle::Throttle;
use crate::types::SegmentFile;

/// Longest page of a refusal that is read, in bytes.
const MAX_PAGE_BYTES: usize = 64 * 1024;

/// Fetches segments over HTTP (`TransferFsImage.doGetUrl`). One for all journals.
#[derive(Debug)]
pub struct SegmentFetcher {
    client: Client<Connector, Empty<Bytes>>,
    patience: Duration,
    throttle: Option<Mutex<Throttle>>,
    reserve_bytes: u64,
    stopping: CancellationToken,
}

impl SegmentFetcher {
    /// A fetcher that waits this long for a connection, and for each next piece of a file
    /// (`dfs.image.transfer.timeout`).
    pub fn new(patience: Duration) -> Self {
        Self::throttled(patience, None)
    }

    /// As [`new`](Self::new), for transfers that share so many bytes per second
    /// (`dfs.edit.log.transfer.timeout` and `.bandwidthPerSec`).
    pub fn throttled(patience: Duration, bytes_per_second: Option<u64>) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(Connector::new(patience));
        let throttle = bytes_per_second.map(|rate| Mutex::new(Throttle::new(rate, Instant::now())));
        let stopping = CancellationToken::new();
        Self { client, patience, throttle, reserve_bytes: 0, stopping }
    }

    /// Fetches nothing that would leave less than this free.
    #[must_use]
    pub fn reserving(self, reserve_bytes: u64) -> Self {
        Self { reserve_bytes, ..self }
    }

    /// Ends every fetch, under way or to come, with [`FetchError::Stopping`].
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Fetches a segment into its temporary file, checks that it is the one agreed on, and
    /// syncs it. On failure the temporary file is gone.
    pub async fn fetch(
        &self,
        files: &JournalFiles,
        fetch: &Fetch,
        blocking: Blocking,
    ) -> Result<(), FetchError> {
        let fetched = self.stopping.run_until_cancelled(self.fetch_all(files, fetch, blocking));
        fetched.await.unwrap_or(Err(FetchError::Stopping))
    }

    async fn fetch_all(
        &self,
        files: &JournalFiles,
        fetch: &Fetch,
        blocking: Blocking,
    ) -> Result<(), FetchError> {
        let (first, epoch, url) = (fetch.segment.start, fetch.epoch, &fetch.url);
        info!(segment = first.0, epoch = epoch.0, "fetching segment {} from {url}", fetch.segment);
        let file =
            self.transfer(files, url, blocking, || files.create_download(first, epoch)).await?;
        blocking.run(|| {
            let found = files.scan(ScanTarget::Download { first, epoch })?.whole;
            if found != Some(fetch.segment.end) {
                let expected = fetch.segment.end;
                return Err(FetchError::OtherSegment { url: url.clone(), found, expected });
            }
            Ok(file.finish().map_err(StorageError::from)?)
        })
    }

    /// Fetches a finished segment into `edits.sync/`, insists on what its name promises, and
    /// syncs it. On failure nothing of it is left.
    pub async fn fetch_finalized(
        &self,
        files: &JournalFiles,
        segment: SegmentFile,
        url: &str,
        blocking: Blocking,
    ) -> Result<(), FetchError> {
        let fetched = self.stopping.run_until_cancelled(async {
            let file = self.transfer(files, url, blocking, || files.create_synced(segment)).await?;
            blocking.run(|| {
                files.verify_synced(segment)?;
                Ok(file.finish().map_err(StorageError::from)?)
            })
        });
        fetched.await.unwrap_or(Err(FetchError::Stopping))
    }

    /// Fetches one peer's copy of a damaged segment, insists on what its name promises, and
    /// syncs it. On failure nothing of it is left.
    pub async fn fetch_copy(
        &self,
        files: &JournalFiles,
        segment: SegmentFile,
        peer: usize,
        url: &str,
        blocking: Blocking,
    ) -> Result<(), FetchError> {
        let fetched = self.stopping.run_until_cancelled(async {
            let create = || files.create_copy(segment, peer);
            let file = self.transfer(files, url, blocking, create).await?;
            blocking.run(|| {
                files.verify_copy(segment, peer)?;
                Ok(file.finish().map_err(StorageError::from)?)
            })
        });
        fetched.await.unwrap_or(Err(FetchError::Stopping))
    }

    /// The page that a peer answers with when it refuses, or any other small page.
    pub async fn refusal_page(&self, url: &str) -> Result<String, FetchError> {
        let refused = |error: &dyn std::error::Error| FetchError::Connect {
            url: url.to_owned(),
            reason: causes(error),
        };
        let read = async {
            let uri =
                url.parse().map_err(|_| FetchError::UnsupportedUrl { url: url.to_owned() })?;
            let response = self.client.get(uri).await.map_err(|error| refused(&error))?;
            let body = Limited::new(response.into_body(), MAX_PAGE_BYTES).collect().await;
            let page = body.map_err(|error| refused(error.as_ref()))?.to_bytes();
            Ok(String::from_utf8_lossy(&page).into_owned())
        };
        let late = || FetchError::Timeout { url: url.to_owned(), after: self.patience };
        timeout(self.patience, read).await.unwrap_or_else(|_| Err(late()))
    }

    async fn transfer(
        &self,
        files: &JournalFiles,
        url: &str,
        blocking: Blocking,
        create: impl FnOnce() -> Result<DownloadFile, StorageError>,
    ) -> Result<DownloadFile, FetchError> {
        let response = self.request(url).await?;
        let advertised = content_length(response.headers())
            .ok_or_else(|| FetchError::NoContentLength { url: url.to_owned() })?;
        let mut file = blocking.run(|| {
            self.check_space(files, url, advertised)?;
            Ok::<_, FetchError>(create()?)
        })?;
        let throttle = self.throttle.as_ref();
        let transfer = Transfer { url, advertised, patience: self.patience, blocking, throttle };
        transfer.run(response, &mut file).await?;
        Ok(file)
    }

    /// Before anything is written: a disk that is full stops the journal itself.
    fn check_space(
        &self,
        files: &JournalFiles,
        url: &str,
        needed_bytes: u64,
    ) -> Result<(), FetchError> {
        let (free_bytes, reserve_bytes) = (files.free_space_bytes()?, self.reserve_bytes);
        if free_bytes >= needed_bytes.saturating_add(reserve_bytes) {
            return Ok(());
        }
        Err(FetchError::NoSpace { url: url.to_owned(), needed_bytes, free_bytes, reserve_bytes })
    }

    async fn request(&self, url: &str) -> Result<Response<Incoming>, FetchError> {
        let unsupported = || FetchError::UnsupportedUrl { url: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| unsupported())?;
        if uri.scheme_str() != Some("http") {
            return Err(unsupported());
        }
        let answer = timeout(self.patience, self.client.get(uri)).await;
        let response = answer
            .map_err(|_| FetchError::Timeout { url: url.to_owned(), after: self.patience })?
            .map_err(|error| FetchError::Connect { url: url.to_owned(), reason: causes(&error) })?;
        if response.status() != StatusCode::OK {
            let status = response.status();
            let reason = status.canonical_reason().unwrap_or_default().to_owned();
            return Err(FetchError::Status {
                url: url.to_owned(),
                status: status.as_u16(),
                reason,
            });
        }
        Ok(response)
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// hyper's own text stops at "client error (Connect)".
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
