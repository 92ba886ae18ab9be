use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use tonic::Status;

use crate::journal::Journal;
use crate::node::JournalNode;
use crate::scrub::Scrubber;

/// What the service looks at.
#[derive(Debug)]
pub struct Inspected {
    /// The journals.
    pub node: Arc<JournalNode>,
    /// Who checks their finished segments.
    pub scrubber: Arc<Scrubber>,
    /// Where the RPC server listens.
    pub rpc_address: SocketAddr,
    /// Where the HTTP server listens.
    pub http_address: SocketAddr,
    /// When the process started.
    pub started: SystemTime,
}

impl Inspected {
    /// A formatted journal; loaded now if nobody has asked for it before.
    pub(super) async fn journal(&self, name: &str) -> Result<Arc<Journal>, Status> {
        let unknown = |why: String| Status::not_found(format!("journal {name:?}: {why}"));
        let journal = self.node.journal_anywhere(name).await;
        let journal = journal.map_err(|error| unknown(error.to_string()))?;
        if !journal.status().is_formatted() {
            return Err(unknown("it is not formatted on this node".to_owned()));
        }
        Ok(journal)
    }
}
