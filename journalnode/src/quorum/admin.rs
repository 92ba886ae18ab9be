use std::sync::Arc;

use hadoop_ipc::client::Target;

use super::ask::ask;
use super::engine::{Operation, QuorumError, Tally};
use super::node_client::NodeClient;
use super::{NamespaceInfo, QuorumOptions};
use crate::types::JournalId;

/// What is done to all nodes of a journal, and fails if one of them does not do it.
pub struct QuorumAdmin {
    nodes: Vec<Arc<NodeClient>>,
    options: QuorumOptions,
}

impl QuorumAdmin {
    /// An administrator of a journal. Nothing is sent before the first call.
    pub fn new(
        journal: &JournalId,
        nodes: &[Target],
        namespace: &NamespaceInfo,
        options: QuorumOptions,
    ) -> Self {
        Self { nodes: NodeClient::all(nodes, journal, namespace, &options), options }
    }

    /// Formats the journal on every node. One that holds data refuses unless `force`, and is
    /// emptied if so.
    pub async fn format_all(&self, force: bool) -> Result<(), QuorumError> {
        let call = async |node: Arc<NodeClient>| node.format(force).await;
        let limit = self.options.timeouts.administration;
        let tally = Tally::all_of(self.nodes.len());
        ask(&self.nodes, Operation::Format, tally, limit, call).await.map(drop)
    }

    /// Whether each node has the journal, in the order of the nodes.
    pub async fn formatted(&self) -> Result<Vec<bool>, QuorumError> {
        let call = async |node: Arc<NodeClient>| node.is_formatted().await;
        let limit = self.options.timeouts.administration;
        let tally = Tally::all_of(self.nodes.len());
        let tally = ask(&self.nodes, Operation::IsFormatted, tally, limit, call).await?;
        Ok(tally.successes().map(|(_, formatted)| *formatted).collect())
    }

    /// Whether every node has the journal.
    pub async fn is_formatted_all(&self) -> Result<bool, QuorumError> {
        Ok(self.formatted().await?.into_iter().all(|formatted| formatted))
    }
}
