use std::sync::Arc;
use std::time::SystemTime;

use super::exposition::{Exposition, Labels};
use crate::http::Site;
use crate::index::{IndexState, IndexStatus};
use crate::inspect::Reachable;
use crate::journal::Journal;
use crate::metrics::{LatencyQuantiles, ProcessStatistics};

/// Our own metrics in the OpenMetrics text format: base units, one name per quantity, the
/// journal as a label.
pub(super) fn render(site: &Site) -> String {
    let mut own = Own(Exposition::default());
    for journal in site.node.loaded() {
        own.journal(&journal);
    }
    own.index(&site.node.index().status());
    own.rpc(site);
    own.process(site, &ProcessStatistics::now());
    format!("{}# EOF\n", own.0.text())
}

struct Own(Exposition);

impl Own {
    fn counter(&mut self, name: &str, help: &str, labels: Labels<'_>, value: u64) {
        let name = format!("journalnode_{name}");
        self.0.add((&name, "_total"), ("counter", help), labels, value as f64);
    }

    fn gauge(&mut self, name: &str, help: &str, labels: Labels<'_>, value: f64) {
        let name = format!("journalnode_{name}");
        self.0.add((&name, ""), ("gauge", help), labels, value);
    }

    fn journal(&mut self, journal: &Arc<Journal>) {
        let labels: Labels<'_> = &[("journal", journal.id().as_str())];
        self.journal_counters(journal, labels);
        self.journal_state(journal, labels);
        for (seconds, quantiles) in journal.metrics().sync_quantiles() {
            self.syncs(journal.id().as_str(), seconds, &quantiles);
        }
    }

    fn journal_counters(&mut self, journal: &Journal, labels: Labels<'_>) {
        let counted = journal.metrics().counters();
        let unsynced = counted.batches_written_while_lagging;
        self.counter("batches_written", "Batches written.", labels, counted.batches_written);
        self.counter("batches_unsynced", "Batches written without a sync.", labels, unsynced);
        self.counter("txns_written", "Transactions written.", labels, counted.txns_written);
        self.counter("bytes_written", "Bytes of edits written.", labels, counted.bytes_written);
        let (txns, bytes) = (counted.txns_served_via_rpc, counted.bytes_served_via_rpc);
        self.counter("txns_served", "Transactions served to standbys.", labels, txns);
        self.counter("bytes_served", "Bytes of edits served to standbys.", labels, bytes);
        let misses = journal.metrics().cache_misses().misses();
        self.counter("cache_misses", "Requests for edits answered with a miss.", labels, misses);
        let [cache, disk] = journal.metrics().edits_answers();
        self.counter("edits_from_cache", "Requests answered from the cache.", labels, cache);
        self.counter("edits_from_disk", "Requests answered from the files.", labels, disk);
        let synced = counted.edit_logs_synced;
        self.counter("segments_fetched", "Missing segments fetched from peers.", labels, synced);
        let scrub = journal.scrub_metrics();
        let checked = scrub.segments_checked();
        self.counter("scrub_segments", "Finished segments read again.", labels, checked);
        self.counter("scrub_bytes", "Bytes read for that.", labels, scrub.bytes_checked());
        let healed = scrub.segments_healed();
        self.counter("segments_healed", "Damaged segments replaced.", labels, healed);
    }

    fn journal_state(&mut self, journal: &Journal, labels: Labels<'_>) {
        let status = journal.status();
        let mut gauge = |name, help, value: f64| self.gauge(name, help, labels, value);
        gauge("formatted", "1 if the journal is formatted.", bit(status.is_formatted()));
        gauge("lag_txns", "Transactions behind the quorum.", status.lag_txns as f64);
        let (promised, writer) = (status.last_promised_epoch, status.last_writer_epoch);
        gauge("promised_epoch", "No lower epoch is served.", promised.0 as f64);
        gauge("writer_epoch", "Epoch that last started a segment.", writer.0 as f64);
        gauge("last_txid", "Last transaction written.", status.highest_written.0 as f64);
        let committed = status.committed_txid.map_or(0, |txid| txid.0);
        gauge("committed_txid", "Last transaction known to be committed.", committed as f64);
        let written = journal.metrics().last_journal_timestamp_ms() as f64 / 1000.0;
        gauge("last_write_timestamp_seconds", "When the last batch was written.", written);
        gauge("segments", "Segments on disk.", status.segments as f64);
        let stalled = status.running.map_or(0.0, |running| running.since.elapsed().as_secs_f64());
        gauge("disk_stalled_seconds", "Age of what the disk has not finished.", stalled);
        let out = bit(status.out_of_step);
        gauge("out_of_step", "1 if a writer goes on without this node.", out);
        let failed = status.failed_segments.len() as f64;
        gauge("failed_segments", "Segments closed because the disk failed.", failed);
        let damaged = status.damaged_segments.len() as f64;
        gauge("damaged_segments", "Finished segments that are not what they were.", damaged);
        let [filled, needed] = journal.metrics().back_fill().map(|count| count as f64);
        gauge("backfill_segments", "Segments fetched after the directory was lost.", filled);
        gauge("backfill_segments_needed", "Segments to fetch before it rejoins.", needed);
        let out = bit(status.out_of_service.is_some());
        gauge("out_of_service", "1 if the journal serves no changes.", out);
        if let Some(free) = status.free_space_bytes() {
            gauge("free_space_bytes", "Free space for this journal.", free as f64);
        }
        if let Some(cached) = status.cache_bytes {
            gauge("cache_bytes", "Size of the edits cache.", cached as f64);
        }
    }

    fn syncs(&mut self, journal: &str, seconds: u64, quantiles: &LatencyQuantiles) {
        let LatencyQuantiles { count, p50, p75, p90, p95, p99 } = *quantiles;
        let window = format!("{seconds}s");
        let help = "Time to write and sync a batch, over the last full window.";
        for (quantile, micros) in
            [("0.5", p50), ("0.75", p75), ("0.9", p90), ("0.95", p95), ("0.99", p99)]
        {
            let labels = [("journal", journal), ("window", &window), ("quantile", quantile)];
            self.gauge("sync_seconds", help, &labels, micros as f64 / 1e6);
        }
        let labels = [("journal", journal), ("window", window.as_str())];
        self.gauge("syncs", "Batches timed in the last full window.", &labels, count as f64);
    }

    fn index(&mut self, index: &IndexStatus) {
        for state in ["off", "opening", "rebuilding", "ready"] {
            let labels: Labels<'_> = &[("state", state)];
            let is = bit(index.state.name() == state);
            self.gauge("index_state", "1 for the state that the index is in.", labels, is);
        }
        let [done, of] = match index.state {
            IndexState::Rebuilding { done, of } => [done, of],
            _ => [0, 0],
        };
        let mut gauge = |name, help, value: u64| self.gauge(name, help, &[], value as f64);
        gauge("index_rebuild_segments_done", "Segments read by the rebuild under way.", done);
        gauge("index_rebuild_segments", "Segments that the rebuild under way reads.", of);
        gauge("index_segments", "Finished segments that the index knows.", index.segments);
        gauge("index_entries", "About how many keys the index has.", index.entries);
        gauge("index_size_bytes", "About how much the index takes.", index.size_bytes);
        let mut counter = |name, help, value| self.counter(name, help, &[], value);
        counter("index_hits", "Questions that the index answered.", index.hits);
        counter("index_misses", "Questions that it had no answer to.", index.misses);
        counter("index_rebuilds", "How often the index was begun anew.", index.rebuilds);
        let dropped = index.events_dropped;
        counter("index_events_dropped", "Events missing from the history.", dropped);
    }

    fn rpc(&mut self, site: &Site) {
        let rpc = site.rpc.snapshot();
        self.counter("rpc_requests", "Calls answered.", &[], rpc.total_requests);
        self.counter("rpc_successes", "Calls that went well.", &[], rpc.call_successes);
        self.counter("rpc_received_bytes", "Bytes received.", &[], rpc.received_bytes);
        self.counter("rpc_sent_bytes", "Bytes sent.", &[], rpc.sent_bytes);
        let dropped = rpc.dropped_connections;
        self.counter("rpc_dropped_connections", "Connections refused.", &[], dropped);
        self.gauge("rpc_connections", "Open connections.", &[], rpc.open_connections as f64);
        self.gauge("rpc_calls_in_flight", "Calls in handlers.", &[], rpc.calls_in_flight as f64);
        self.gauge("rpc_call_queue", "Calls that wait.", &[], rpc.call_queue_length as f64);
        for (method, rate) in &rpc.detailed {
            let labels: Labels<'_> = &[("method", method)];
            let (count, seconds) = (rate.overall.count, rate.overall.total_ns as f64 / 1e9);
            self.counter("rpc_calls", "Calls by method or exception.", labels, count);
            let name = ("journalnode_rpc_call_seconds", "_total");
            let help = "Time from arrival to reply, by method or exception.";
            self.0.add(name, ("counter", help), labels, seconds);
        }
    }

    fn process(&mut self, site: &Site, process: &ProcessStatistics) {
        let uptime = SystemTime::now().duration_since(site.started).unwrap_or_default();
        let mut gauge = |name, help, value: f64| self.gauge(name, help, &[], value);
        gauge("process_resident_bytes", "Resident memory.", process.resident_bytes as f64);
        gauge("process_open_files", "Open descriptors.", process.open_files as f64);
        gauge("process_max_open_files", "Limit of descriptors.", process.max_open_files as f64);
        gauge("process_threads", "Threads.", process.threads as f64);
        if site.inspect != Reachable::Off {
            let listens = bit(site.inspect == Reachable::Yes);
            gauge("inspect_listening", "1 if the inspection service listens.", listens);
        }
        gauge("process_uptime_seconds", "Time since the start.", uptime.as_secs_f64());
        let name = ("journalnode_process_cpu_seconds", "_total");
        self.0.add(name, ("counter", "Processor time."), &[], process.cpu.as_secs_f64());
    }
}

fn bit(value: bool) -> f64 {
    f64::from(u8::from(value))
}
