use std::time::Duration;

use hadoop_ipc::client::{ClientError, Target};

use super::Peer;
use super::rejoin::ask_namespace;
use crate::fetch::SegmentFetcher;
use crate::types::{JournalId, StorageInfo};

/// How long a node may take for the page that tells its namespace.
const PATIENCE: Duration = Duration::from_secs(10);

/// The namespace of a journal, as one of its nodes tells it, ours or Java's; `None` if it is
/// not formatted there.
pub async fn namespace_of_node(
    node: Target,
    journal: &JournalId,
    nameservice: Option<String>,
    user: Option<String>,
) -> Result<Option<StorageInfo>, ClientError> {
    let peer = Peer::new(node, journal.clone(), nameservice, user);
    let (_, Some(url)) = peer.manifest(true).await? else { return Ok(None) };
    ask_namespace(&peer, journal, &SegmentFetcher::new(PATIENCE), &url).await
}
