use std::sync::Arc;
use std::time::Duration;

use super::peer::Peer;
use crate::fetch::SegmentFetcher;

/// The other nodes of a journal, and how segments are fetched from them.
pub(crate) struct Peers {
    pub(crate) all: Vec<Peer>,
    /// How many nodes there are, this one included.
    pub(crate) nodes: usize,
    pub(crate) fetcher: Arc<SegmentFetcher>,
    /// Time between two looks at a peer.
    pub(crate) interval: Duration,
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let targets: Vec<String> = self.all.iter().map(|peer| peer.target().to_string()).collect();
        f.debug_struct("Peers").field("all", &targets).field("nodes", &self.nodes).finish()
    }
}
