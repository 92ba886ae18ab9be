use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hadoop_proto::inspect::v1;
use tokio::task::spawn_blocking;
use tonic::Status;

use super::Inspected;
use crate::http::version;
use crate::index::{IndexState, IndexStatus};
use crate::journal::{Journal, JournalStatus, Standing};
use crate::metrics::{HistogramFigures, LatencyHistogram, LatencyQuantiles};
use crate::scrub::Scrubber;
use crate::types::TxId;

/// Everything about the node, now.
pub(super) async fn of(inspected: &Arc<Inspected>) -> Result<v1::StatusResponse, Status> {
    let inspected = Arc::clone(inspected);
    // Free space is asked of a disk that may hang.
    let looked = spawn_blocking(move || look(&inspected)).await;
    looked.map_err(|panic| Status::internal(panic.to_string()))
}

fn look(inspected: &Inspected) -> v1::StatusResponse {
    let uptime = inspected.started.elapsed().unwrap_or_default();
    v1::StatusResponse {
        version: version(),
        started_at_ms: millis_since_epoch(inspected.started),
        uptime_ms: millis(uptime),
        rpc_address: inspected.rpc_address.to_string(),
        http_address: inspected.http_address.to_string(),
        journals: inspected.node.loaded().iter().map(|journal| journal_status(journal)).collect(),
        index: Some(index_status(inspected.node.index().status())),
        scrub: Some(scrub_status(&inspected.scrubber)),
    }
}

fn index_status(status: IndexStatus) -> v1::IndexStatus {
    use v1::index_status::State;
    let [done, of] = status.state.rebuilt();
    let (state, reason) = match status.state {
        IndexState::Off(reason) => (State::Off, Some(reason)),
        IndexState::Opening => (State::Opening, None),
        IndexState::Rebuilding { .. } => (State::Rebuilding, None),
        IndexState::Ready => (State::Ready, None),
    };
    v1::IndexStatus {
        state: state.into(),
        reason,
        rebuilt_segments: done,
        rebuild_segments_needed: of,
        directory: status.directory.map(|directory| directory.display().to_string()),
        size_bytes: status.size_bytes,
        entries: status.entries,
        segments: status.segments,
        hits: status.hits,
        misses: status.misses,
        rebuilds: status.rebuilds,
        events_dropped: status.events_dropped,
    }
}

fn scrub_status(scrubber: &Scrubber) -> v1::ScrubStatus {
    let options = scrubber.options();
    v1::ScrubStatus {
        interval_ms: options.interval.map(millis),
        bytes_per_second: options.bandwidth,
        requested_running: scrubber.is_checking_now(),
    }
}

fn journal_status(journal: &Journal) -> v1::JournalStatus {
    let status = journal.status();
    let metrics = journal.metrics();
    let (syncs, times) = (metrics.sync_quantiles(), metrics.times());
    v1::JournalStatus {
        journal: status.id.to_string(),
        directory: status.directory.display().to_string(),
        namespace: namespace(&status),
        promised_epoch: status.last_promised_epoch.0,
        writer_epoch: status.last_writer_epoch.0,
        open_segment: number(status.open_segment),
        last_txid: number(Some(status.highest_written).filter(|txid| *txid > TxId(0))),
        committed_txid: number(status.committed_txid),
        lag_txns: status.lag_txns,
        standing: standing(status.standing).into(),
        last_writer: status.writer.map(|writer| writer.address.to_string()),
        last_write_at_ms: Some(metrics.last_journal_timestamp_ms()).filter(|at| *at > 0),
        syncs: syncs.into_iter().map(|(window, syncs)| sync_latency(window, &syncs)).collect(),
        free_bytes: status.free_space_bytes(),
        segments: status.segments as u64,
        failed_segments: failed(&status),
        damaged_segments: damaged(&status),
        running: status.running.map(|running| v1::RunningEffect {
            effect: running.what.to_owned(),
            age_ms: millis(running.since.elapsed()),
        }),
        rejoin: status.rejoin.map(|rejoin| v1::Rejoin {
            waiting_for: rejoin.waiting_for,
            segments: rejoin.segments,
            segments_needed: rejoin.needed,
        }),
        out_of_service: status.out_of_service,
        counters: Some(counters(journal)),
        cache_bytes: status.cache_bytes.map(|bytes| bytes as u64),
        sync_times: Some(histogram(&times.syncs)),
        turn_waits: Some(histogram(&times.waits)),
        writer_gaps: Some(histogram(&times.gaps)),
    }
}

fn namespace(status: &JournalStatus) -> Option<v1::Namespace> {
    let info = status.info.as_ref()?;
    Some(v1::Namespace {
        layout_version: info.layout_version.0,
        namespace_id: info.namespace_id,
        cluster_id: info.cluster_id.clone(),
        created_ms: info.c_time,
    })
}

fn standing(standing: Standing) -> v1::Standing {
    match standing {
        Standing::InStep => v1::Standing::InStep,
        Standing::OutOfStep => v1::Standing::OutOfStep,
        Standing::Idle => v1::Standing::Idle,
        Standing::AwaitingWriter { .. } => v1::Standing::AwaitingWriter,
    }
}

fn histogram(times: &LatencyHistogram) -> v1::Histogram {
    let HistogramFigures { up_to, count, sum_seconds } = times.figures();
    let bucket = |(up_to_seconds, count)| v1::histogram::Bucket { up_to_seconds, count };
    v1::Histogram { buckets: up_to.into_iter().map(bucket).collect(), count, sum_seconds }
}

fn failed(status: &JournalStatus) -> Vec<v1::FailedSegment> {
    let one = |(first, reason): &(TxId, String)| v1::FailedSegment {
        first_txid: first.0,
        reason: reason.clone(),
    };
    status.failed_segments.iter().map(one).collect()
}

fn damaged(status: &JournalStatus) -> Vec<v1::DamagedSegment> {
    let all = status.damaged_segments.iter();
    all.map(|(segment, damage)| v1::DamagedSegment {
        first_txid: segment.first.0,
        last_txid: segment.last.unwrap_or(segment.first).0,
        what: damage.what.clone(),
        withheld: damage.withheld,
    })
    .collect()
}

fn sync_latency(window_seconds: u64, quantiles: &LatencyQuantiles) -> v1::SyncLatency {
    let LatencyQuantiles { count, p50, p75, p90, p95, p99 } = *quantiles;
    v1::SyncLatency {
        window_seconds,
        count,
        p50_micros: p50,
        p75_micros: p75,
        p90_micros: p90,
        p95_micros: p95,
        p99_micros: p99,
    }
}

fn counters(journal: &Journal) -> v1::Counters {
    let (counted, scrub) = (journal.metrics().counters(), journal.scrub_metrics());
    v1::Counters {
        batches_written: counted.batches_written,
        txns_written: counted.txns_written,
        bytes_written: counted.bytes_written,
        batches_unsynced: counted.batches_written_while_lagging,
        segments_fetched: counted.edit_logs_synced,
        segments_scrubbed: scrub.segments_checked(),
        bytes_scrubbed: scrub.bytes_checked(),
        segments_healed: scrub.segments_healed(),
    }
}

fn number(txid: Option<TxId>) -> Option<i64> {
    txid.map(|txid| txid.0)
}

pub(super) fn millis_since_epoch(at: SystemTime) -> u64 {
    millis(at.duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
