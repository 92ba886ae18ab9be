use failover::ledger::History;
use failover::types::ActiveNode;

/// The bytes of lock and breadcrumb, and of the history beside them.
pub(super) fn check(data: &[u8]) {
    match ActiveNode::decode(data) {
        Ok(node) => assert_eq!(ActiveNode::decode(&node.encode()), Ok(node)),
        Err(bad) => assert_eq!(bad.bytes, data),
    }
    let history = History::read(data);
    let again = History::read(history.text().as_bytes());
    assert_eq!(again, history);
    assert!(history.latest_first().len() <= history.text().lines().count());
}
