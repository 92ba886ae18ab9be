use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};

use super::engine::{Lost, NodeFailure, NodeIndex, Operation, QuorumError, Tally, Verdict};
use super::node_client::NodeClient;

/// Asks all nodes side by side, until `tally` is decided or the time is over. Calls that are
/// still out then are given up: for reads, and for what all nodes must do.
pub(super) async fn ask<T, F>(
    nodes: &[Arc<NodeClient>],
    operation: Operation,
    mut tally: Tally<T>,
    limit: Duration,
    call: impl Fn(Arc<NodeClient>) -> F,
) -> Result<Tally<T>, QuorumError>
where
    F: Future<Output = Result<T, NodeFailure>>,
{
    let call = &call;
    let numbered = |(index, node): (usize, &Arc<NodeClient>)| {
        let node = Arc::clone(node);
        async move { (NodeIndex(index), call(node).await) }
    };
    let mut calls: FuturesUnordered<_> = nodes.iter().enumerate().map(numbered).collect();
    let deadline = Instant::now() + limit;
    while tally.verdict() == Verdict::Open {
        match timeout_at(deadline, calls.next()).await {
            Ok(Some((node, answer))) => tally.note(node, answer),
            Ok(None) | Err(_) => tally.expire(),
        };
    }
    match tally.verdict() {
        Verdict::Won => Ok(tally),
        _ => Err(Lost::of(operation, &tally, &names(nodes)).into()),
    }
}

pub(super) fn names(nodes: &[Arc<NodeClient>]) -> Vec<String> {
    nodes.iter().map(|node| node.name().to_owned()).collect()
}
