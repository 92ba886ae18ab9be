use std::sync::Arc;

use tokio::sync::mpsc;

use crate::quorum::engine::{Answer, NodeFailure, NodeIndex, Outgoing};
use crate::quorum::node_client::NodeClient;

pub(super) type Answered = (NodeIndex, Result<Answer, NodeFailure>);

/// Makes the calls to one node, one after the other, until nobody wants more.
pub(super) async fn run(
    client: Arc<NodeClient>,
    mut calls: mpsc::Receiver<Outgoing>,
    answers: mpsc::Sender<Answered>,
) {
    while let Some(outgoing) = calls.recv().await {
        let node = outgoing.node;
        let answer = client.write_path(outgoing).await;
        if answers.send((node, answer)).await.is_err() {
            return;
        }
    }
}
