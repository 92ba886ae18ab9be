use std::time::Instant;

use crate::http::jmx::Bean;
use crate::journal::{Journal, JournalStatus};
use crate::metrics::{JournalCounters, LatencyQuantiles};

/// `Journal-<jid>` (`JournalMetrics`). What Java does not have comes last: the segments that a
/// failed disk closed, whether the journal serves changes, free space, the size of the cache, how
/// it stands with its writer, and who that is.
pub(super) fn bean(journal: &Journal, host: &str) -> Bean {
    let (status, metrics) = (journal.status(), journal.metrics());
    let mut bean = Bean::hadoop(&format!("Journal-{}", status.id), Some("JournalNode"))
        .tag("Context", "dfs")
        .tag("JournalId", status.id.as_str())
        .tag("Hostname", host);
    for (seconds, quantiles) in metrics.sync_quantiles() {
        bean = with_quantiles(bean, seconds, &quantiles);
    }
    bean = bean
        .counter("RpcRequestCacheMissAmountNumMisses", metrics.cache_misses().misses())
        .gauge("RpcRequestCacheMissAmountAvgTxns", metrics.cache_misses().average_txns());
    bean = with_counters(bean, &metrics.counters());
    with_status(bean, &status, metrics.last_journal_timestamp_ms())
}

fn with_quantiles(bean: Bean, seconds: u64, quantiles: &LatencyQuantiles) -> Bean {
    let LatencyQuantiles { count, p50, p75, p90, p95, p99 } = *quantiles;
    let bean = bean.gauge(&format!("Syncs{seconds}sNumOps"), count);
    [(50, p50), (75, p75), (90, p90), (95, p95), (99, p99)].into_iter().fold(
        bean,
        |bean, (percent, micros)| {
            bean.gauge(&format!("Syncs{seconds}s{percent}thPercentileLatencyMicros"), micros)
        },
    )
}

fn with_counters(bean: Bean, counters: &JournalCounters) -> Bean {
    bean.counter("BatchesWritten", counters.batches_written)
        .counter("BatchesWrittenWhileLagging", counters.batches_written_while_lagging)
        .counter("BytesServedViaRpc", counters.bytes_served_via_rpc)
        .counter("BytesWritten", counters.bytes_written)
        .counter("NumEditLogsSynced", counters.edit_logs_synced)
        .counter("RpcEmptyResponses", counters.rpc_empty_responses)
        .counter("TxnsServedViaRpc", counters.txns_served_via_rpc)
        .counter("TxnsWritten", counters.txns_written)
}

/// Java shows -1 for what it cannot know of a journal that is not formatted.
fn with_status(bean: Bean, status: &JournalStatus, last_written_ms: u64) -> Bean {
    let known = |value: i64| if status.is_formatted() { value } else { -1 };
    let writer = status.writer.map(|writer| format!("{} epoch {}", writer.address, writer.epoch));
    bean.gauge("LastWrittenTxId", status.highest_written.0)
        .gauge("LastPromisedEpoch", known(status.last_promised_epoch.0))
        .gauge("LastWriterEpoch", known(status.last_writer_epoch.0))
        .gauge("LastJournalTimestamp", last_written_ms)
        .gauge("CurrentLagTxns", known(status.lag_txns))
        .gauge("FailedSegments", status.failed_segments.len())
        .gauge("OutOfService", status.out_of_service.is_some())
        .gauge("FreeSpaceBytes", status.free_space_bytes().map_or(-1, |free| free as i64))
        .gauge("EditsCacheBytes", status.cache_bytes.unwrap_or(0))
        .gauge("DamagedSegments", status.damaged_segments.len())
        .gauge("StalledMillis", status.stalled_for(Instant::now()).as_millis() as u64)
        .plain("Standing", status.standing.word())
        .plain("LastWriter", writer.unwrap_or_default())
}
