use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::own::{Own, bit};
use crate::journal::{Journal, JournalStatus, Standing};
use crate::metrics::LatencyQuantiles;
use hadoop_ipc::prometheus::Labels;

/// What is told of each journal.
impl Own {
    pub(super) fn journal(&mut self, journal: &Arc<Journal>) {
        let labels: Labels<'_> = &[("journal", journal.id().as_str())];
        let status = journal.status();
        self.journal_counters(journal, labels);
        self.journal_times(journal, labels);
        self.journal_log(&status, labels);
        self.journal_writer(&status, labels);
        self.journal_health(journal, &status, labels);
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

    fn journal_times(&mut self, journal: &Journal, labels: Labels<'_>) {
        let times = journal.metrics().times();
        let help = "Seconds to write and sync a batch: this disk. Unsynced batches are left out.";
        self.histogram("sync_duration_seconds", help, labels, &times.syncs.figures());
        let help = "Seconds that a request which may change the journal waited for its turn \
            behind others of the journal: this node, not the writer.";
        self.histogram("turn_wait_seconds", help, labels, &times.waits.figures());
        let help = "Seconds from the answer to a request of the writer to its next request: the \
            writer and the network, not this node. A writer without edits asks for nothing: a long \
            gap is a slow writer only if it had edits meanwhile.";
        self.histogram("writer_gap_seconds", help, labels, &times.gaps.figures());
    }

    fn journal_log(&mut self, status: &JournalStatus, labels: Labels<'_>) {
        let mut gauge = |name, help, value: f64| self.gauge(name, help, labels, value);
        gauge("formatted", "1 if the journal is formatted.", bit(status.is_formatted()));
        gauge("lag_txns", "Transactions behind the quorum.", status.lag_txns as f64);
        let (promised, writer) = (status.last_promised_epoch, status.last_writer_epoch);
        gauge("promised_epoch", "No lower epoch is served.", promised.0 as f64);
        gauge("writer_epoch", "Epoch that last started a segment.", writer.0 as f64);
        gauge("last_txid", "Last transaction written.", status.highest_written.0 as f64);
        let committed = status.committed_txid.map_or(0, |txid| txid.0);
        gauge("committed_txid", "Last transaction known to be committed.", committed as f64);
        gauge("segments", "Segments on disk.", status.segments as f64);
        if let Some(cached) = status.cache_bytes {
            gauge("cache_bytes", "Size of the edits cache.", cached as f64);
        }
    }

    fn journal_writer(&mut self, status: &JournalStatus, labels: Labels<'_>) {
        let written = status.last_write.map_or(0.0, unix_seconds);
        let help = "When the last batch was written, as Unix time; 0 for not since the start.";
        self.gauge("last_write_timestamp_seconds", help, labels, written);
        if let Some(last) = status.last_write {
            let help = "Seconds since the last batch was written.";
            self.gauge("last_write_age_seconds", help, labels, age_seconds(last));
        }
        let help = "1 for how the journal stands with its writer: in-step, idle, awaiting-writer, \
            out-of-step.";
        for word in Standing::WORDS {
            let labels = [labels, &[("standing", word)]].concat();
            self.gauge("standing", help, &labels, bit(status.standing.word() == word));
        }
        let Some(writer) = status.writer else { return };
        let help = "Seconds since the writer asked for anything.";
        self.gauge("writer_request_age_seconds", help, labels, age_seconds(writer.last_request));
        let address = writer.address.ip().to_string();
        let labels = [labels, &[("address", address.as_str())]].concat();
        let help = "Since when the last writer is the writer, as Unix time.";
        self.gauge("writer_since_timestamp_seconds", help, &labels, unix_seconds(writer.since));
    }

    fn journal_health(&mut self, journal: &Journal, status: &JournalStatus, labels: Labels<'_>) {
        let now = Instant::now();
        let mut gauge = |name, help, value: f64| self.gauge(name, help, labels, value);
        let disk = status.running.map_or(0.0, |running| (now - running.since).as_secs_f64());
        gauge("disk_stalled_seconds", "Age of what the disk has not finished.", disk);
        let help = "Age of the oldest of: what the disk has not finished, a request that waits \
            behind it.";
        gauge("stalled_seconds", help, status.stalled_for(now).as_secs_f64());
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
        let reserve = status.reserve_bytes as f64;
        gauge("free_space_reserve_bytes", "Below it no new segment is started.", reserve);
        if let Some(free) = status.free_space_bytes() {
            gauge("free_space_bytes", "Free space for this journal.", free as f64);
        }
    }

    fn syncs(&mut self, journal: &str, seconds: u64, quantiles: &LatencyQuantiles) {
        let LatencyQuantiles { count, p50, p75, p90, p95, p99 } = *quantiles;
        let window = format!("{seconds}s");
        let help = "Seconds to write and sync a batch, over the last full window.";
        for (quantile, micros) in
            [("0.5", p50), ("0.75", p75), ("0.9", p90), ("0.95", p95), ("0.99", p99)]
        {
            let labels = [("journal", journal), ("window", &window), ("quantile", quantile)];
            self.gauge("sync_seconds", help, &labels, micros as f64 / 1e6);
        }
        let labels = [("journal", journal), ("window", window.as_str())];
        self.gauge("syncs", "Batches timed in the last full window.", &labels, count as f64);
    }
}

fn unix_seconds(at: SystemTime) -> f64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// By this machine's clock; 0 if it was set back.
fn age_seconds(at: SystemTime) -> f64 {
    SystemTime::now().duration_since(at).unwrap_or_default().as_secs_f64()
}
