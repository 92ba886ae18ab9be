use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use md5::{Digest, Md5};
use tokio::time::{sleep, timeout};

use super::FetchError;
use crate::journal::Blocking;
use crate::storage::{DownloadFile, StorageError};
use crate::throttle::Throttle;

/// Java sends it along if it has a digest of the file (`TransferFsImage.MD5_HEADER`).
const MD5_HEADER: &str = "x-md5-digest";

/// The body of one answer on its way to a file.
pub(super) struct Transfer<'a> {
    pub(super) url: &'a str,
    pub(super) advertised: u64,
    pub(super) patience: Duration,
    pub(super) blocking: Blocking,
    pub(super) throttle: Option<&'a Mutex<Throttle>>,
}

impl Transfer<'_> {
    /// Writes the body and checks its length and, if there is one, its digest.
    pub(super) async fn run(
        &self,
        response: Response<Incoming>,
        file: &mut DownloadFile,
    ) -> Result<(), FetchError> {
        let advertised_digest = response.headers().get(MD5_HEADER).cloned();
        let mut digest = advertised_digest.is_some().then(Md5::new);
        let mut body = response.into_body();
        let mut received = 0_u64;
        loop {
            let piece = timeout(self.patience, body.frame()).await.map_err(|_| self.timed_out())?;
            // A connection that breaks ends the body; the length tells.
            let Some(Ok(frame)) = piece else { break };
            let Ok(data) = frame.into_data() else { continue };
            received += data.len() as u64;
            if let Some(digest) = &mut digest {
                digest.update(&data);
            }
            self.blocking.run(|| file.write(&data)).map_err(StorageError::from)?;
            self.wait(data.len()).await;
        }
        if received != self.advertised {
            return Err(self.wrong_length(received));
        }
        match (digest, advertised_digest) {
            (Some(digest), Some(advertised)) => {
                self.same_digest(&hex(&digest.finalize()), advertised.to_str().unwrap_or_default())
            }
            _ => Ok(()),
        }
    }

    /// Keeps to the bandwidth: what is not read yet makes the peer wait too.
    async fn wait(&self, bytes: usize) {
        let Some(throttle) = self.throttle else { return };
        let wait = {
            let mut throttle = throttle.lock().unwrap_or_else(PoisonError::into_inner);
            throttle.sent(bytes, Instant::now())
        };
        sleep(wait).await;
    }

    fn same_digest(&self, computed: &str, advertised: &str) -> Result<(), FetchError> {
        if computed.eq_ignore_ascii_case(advertised) {
            return Ok(());
        }
        Err(FetchError::Digest {
            url: self.url.to_owned(),
            computed: computed.to_owned(),
            advertised: advertised.to_owned(),
        })
    }

    fn wrong_length(&self, received: u64) -> FetchError {
        FetchError::Length { url: self.url.to_owned(), received, advertised: self.advertised }
    }

    fn timed_out(&self) -> FetchError {
        FetchError::Timeout { url: self.url.to_owned(), after: self.patience }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
