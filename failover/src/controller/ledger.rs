use futures_util::future::{BoxFuture, ready};

use super::Timeline;

/// Where failovers are written down for the time after this process. What goes wrong there never
/// stops or delays a failover: it is told when it is over.
pub trait Ledger: Send + Sync + 'static {
    /// Writes one down; the text says why it could not be.
    fn record(&self, timeline: Timeline) -> BoxFuture<'_, Result<(), String>>;
}

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLedger;

impl Ledger for NoLedger {
    fn record(&self, _: Timeline) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(ready(Ok(())))
    }
}
