use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, HeaderName};
use axum::http::{HeaderValue, Response, Uri};
use tracing::{debug, warn};

use super::refusal::{IO, Refusal};
use super::segment_request::SegmentRequest;
use super::transfer::Transfer;
use crate::http::page::{TEXT, page};
use crate::http::query::Query;
use crate::http::shared::Shared;
use crate::storage::OpenedSegment;

/// Where Java's clients find the name of the file.
const NAME_HEADER: HeaderName = HeaderName::from_static("x-image-edits-name");

/// Answers `GET` and `HEAD`.
pub(in crate::http) async fn get_journal(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Response<Body> {
    let query = Query::parse(uri.query());
    match open(&shared, &SegmentRequest(&query)).await {
        Ok(segment) => send(&shared, segment),
        Err(refusal) => {
            match &refusal {
                Refusal::NoSegment(_) => debug!("{}", refusal.message()),
                // The message may hold what the client sent, which may hold line ends.
                _ => warn!("request for {uri} refused: {:?}", refusal.message()),
            }
            refusal.response(uri.path())
        }
    }
}

/// The checks of Java, in its order.
async fn open(shared: &Shared, request: &SegmentRequest<'_>) -> Result<OpenedSegment, Refusal> {
    let journal = shared.site.node.journal_anywhere(request.journal()?).await?;
    let status = journal.status();
    request.check_storage(status.info.as_ref())?;
    let first = request.first_txid()?;
    if !status.is_formatted() {
        let current = status.directory.join("current");
        return Err(Refusal::failed(
            IO,
            format!("Invalid directory or I/O error occurred for dir: {}", current.display()),
        ));
    }
    journal.open_segment(first, request.in_progress_ok())?.ok_or(Refusal::NoSegment(first))
}

fn send(shared: &Shared, segment: OpenedSegment) -> Response<Body> {
    let name = HeaderValue::try_from(&segment.name).ok();
    let disposition = HeaderValue::try_from(format!("attachment; filename={}", segment.name)).ok();
    let length = HeaderValue::from(segment.len);
    let turns = Arc::clone(&shared.transfers);
    let transfer =
        Transfer::new(segment, shared.site.bandwidth, turns, shared.site.node.blocking());
    let mut response = page(TEXT, transfer.into_body());
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length);
    // Names of segments are digits and letters: both are always there.
    headers.extend(name.map(|name| (NAME_HEADER, name)));
    headers.extend(disposition.map(|disposition| (CONTENT_DISPOSITION, disposition)));
    response
}
