//! Fetching a segment from another JournalNode's `/getJournal`, for `acceptRecovery` and for
//! the syncer.

mod connector;
mod fetch_error;
mod segment_fetcher;
mod transfer;

pub(crate) use connector::Connector;
pub use fetch_error::FetchError;
pub use segment_fetcher::SegmentFetcher;
