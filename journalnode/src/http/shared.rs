use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use super::activity::Activity;
use super::get_journal::MAX_TRANSFERS;
use super::request_rate::RequestRate;
use super::{HttpOptions, Site};

/// What all requests share.
pub(super) struct Shared {
    pub(super) site: Arc<Site>,
    pub(super) options: HttpOptions,
    /// Where this server listens.
    pub(super) address: SocketAddr,
    /// Permits of the segments being sent.
    pub(super) transfers: Arc<Semaphore>,
    pub(super) activity: Arc<Activity>,
    pub(super) rpc_rate: RequestRate,
}

impl Shared {
    pub(super) fn new(site: Arc<Site>, options: HttpOptions, address: SocketAddr) -> Self {
        Self {
            site,
            options,
            address,
            transfers: Arc::new(Semaphore::new(MAX_TRANSFERS)),
            activity: Arc::default(),
            rpc_rate: RequestRate::new(Instant::now()),
        }
    }
}
