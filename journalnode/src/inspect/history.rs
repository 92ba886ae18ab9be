use std::time::Duration;

use hadoop_proto::inspect::v1;
use tokio::task::spawn_blocking;
use tonic::Status;

use super::Inspected;
use super::status::millis_since_epoch;
use crate::index::{HistoryEvent, HistoryKind, HistoryQuery};
use crate::types::TxId;

/// Most events of one answer.
const MAX_EVENTS: usize = 1000;

/// How long an index that is being opened is waited for.
const OPENING: Duration = Duration::from_secs(5);

/// What happened to a journal.
pub(super) async fn of(
    inspected: &Inspected,
    request: &v1::HistoryRequest,
) -> Result<v1::HistoryResponse, Status> {
    let journal = inspected.journal(&request.journal).await?.id().clone();
    let limit = match request.limit as usize {
        0 => MAX_EVENTS,
        limit => limit.min(MAX_EVENTS),
    };
    let query = HistoryQuery { after: request.after_seq, limit };
    let index = inspected.node.index().clone();
    index.opened(OPENING).await;
    let read = spawn_blocking(move || index.history(&journal, query)).await;
    let events = read.map_err(|panic| Status::internal(panic.to_string()))?;
    let events = events.map_err(|error| Status::failed_precondition(error.to_string()))?;
    Ok(v1::HistoryResponse { events: events.into_iter().map(message).collect() })
}

fn message(event: HistoryEvent) -> v1::HistoryEvent {
    let HistoryEvent { seq, at, what, peer, .. } = event;
    v1::HistoryEvent { seq, at_ms: millis_since_epoch(at), peer, ..said(what) }
}

/// The words do not change: scripts go by them.
fn said(what: HistoryKind) -> v1::HistoryEvent {
    use HistoryKind as K;
    let of = |what: &str| v1::HistoryEvent { what: what.to_owned(), ..Default::default() };
    let segment = |what: &str, first: TxId, last: TxId| v1::HistoryEvent {
        first_txid: Some(first.0),
        last_txid: Some(last.0),
        ..of(what)
    };
    match what {
        K::Formatted { cluster_id } => noted(of("formatted"), format!("cluster {cluster_id}")),
        K::Promised { epoch } => v1::HistoryEvent { epoch: Some(epoch.0), ..of("promised") },
        K::WriterEpoch { epoch } => v1::HistoryEvent { epoch: Some(epoch.0), ..of("writer-epoch") },
        K::SegmentStarted { first } => {
            v1::HistoryEvent { first_txid: Some(first.0), ..of("segment-started") }
        }
        K::SegmentLeft { first } => {
            v1::HistoryEvent { first_txid: Some(first.0), ..of("segment-left") }
        }
        K::SegmentFinalized { first, last } => segment("segment-finalized", first, last),
        K::RecoveryAccepted { epoch, first, last } => {
            v1::HistoryEvent { epoch: Some(epoch.0), ..segment("recovery-accepted", first, last) }
        }
        K::SegmentFetched { first, last } => segment("segment-fetched", first, last),
        K::SegmentDamaged { first, last, what } => {
            noted(segment("segment-damaged", first, last), what)
        }
        K::SegmentReplaced { first, last, from } => {
            noted(segment("segment-replaced", first, last), format!("by the copy of {from}"))
        }
        K::Rejoined { epoch, segments } => {
            let rejoined = v1::HistoryEvent { epoch: Some(epoch.0), ..of("rejoined") };
            noted(rejoined, format!("with {segments} segments"))
        }
        K::Purged { min_to_keep } => {
            noted(of("purged"), format!("what is older than {min_to_keep}"))
        }
        K::Discarded { from } => noted(of("discarded"), format!("from {from} on")),
        K::Upgrade { step } => noted(of("upgrade"), step),
        K::OutOfStep => of("out-of-step"),
        K::InStep => of("in-step"),
        K::IndexRebuilt { segments } => {
            noted(of("index-rebuilt"), format!("from {segments} segments"))
        }
    }
}

fn noted(event: v1::HistoryEvent, note: String) -> v1::HistoryEvent {
    v1::HistoryEvent { note: Some(note), ..event }
}
