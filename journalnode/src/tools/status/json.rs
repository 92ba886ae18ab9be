use serde_json::{Value, json};

use super::quorum_view::exit;
use super::{Answer, JmxFigures, NodeView, QuorumView};
use crate::types::TxId;
use hadoop_ipc::tools::ToolExit;

/// All quorums for scripts. What is not known is null.
pub(super) fn to_json(views: &[QuorumView]) -> Value {
    let quorums: Vec<Value> = views.iter().map(quorum_json).collect();
    json!({ "all_in_step": exit(views) == ToolExit::Clean, "quorums": quorums })
}

fn quorum_json(view: &QuorumView) -> Value {
    let nodes: Vec<Value> = view.nodes.iter().map(|node| node_json(view, node)).collect();
    json!({
        "nameservice": view.quorum.nameservice,
        "journal": view.quorum.uri.journal_id,
        "has_quorum": view.has_quorum(),
        "in_step": view.in_step(),
        "needed": view.majority(),
        "committed_txid": number(view.committed),
        "last_txid": number(view.last()),
        "nodes": nodes,
    })
}

fn node_json(view: &QuorumView, node: &NodeView) -> Value {
    let nothing = Answer::not_formatted();
    let answer = node.answer.as_ref().unwrap_or(&nothing);
    let unknown = JmxFigures::default();
    let jmx = answer.jmx.as_ref().unwrap_or(&unknown);
    let is_asked = answer.formatted;
    json!({
        "address": node.address.to_string(),
        "state": node.state(view.committed).word(),
        "reachable": node.answer.is_ok(),
        "reason": node.answer.as_ref().err(),
        "formatted": node.answer.as_ref().ok().map(|answer| answer.formatted),
        "promised_epoch": answer.promised_epoch.map(|epoch| epoch.0),
        "writer_epoch": jmx.writer_epoch.map(|epoch| epoch.0),
        "last_segment": number(answer.segment),
        "last_txid": number(answer.last),
        "committed_txid": number(answer.committed),
        "lag_txns": is_asked.then(|| answer.lag_txns(view.committed)),
        "last_written_txid": number(jmx.last_written),
        "current_lag_txns": jmx.lag_txns,
        "sync_p99_micros": jmx.sync_p99_micros,
        "free_bytes": jmx.free_bytes,
        "out_of_service": jmx.out_of_service,
        "failed_segments": jmx.failed_segments,
        "damaged_segments": jmx.damaged_segments,
        "stalled_ms": jmx.stalled_ms,
        "last_write_ms": jmx.last_write_ms,
        "standing": jmx.standing,
        "last_writer": jmx.last_writer,
        "index_state": jmx.index.as_ref().map(|index| &index.state),
        "index_segments_rebuilt": jmx.index.as_ref().map(|index| index.rebuilt),
        "index_segments_to_rebuild": jmx.index.as_ref().map(|index| index.needed),
        "version": jmx.version,
        "http": answer.http,
        "jmx_error": answer.jmx.as_ref().err().filter(|_| is_asked),
    })
}

fn number(txid: Option<TxId>) -> Option<i64> {
    txid.map(|txid| txid.0)
}
