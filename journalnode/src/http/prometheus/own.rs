use std::time::SystemTime;

use hadoop_ipc::prometheus::{Exposition, Labels};

use crate::http::Site;
use crate::index::IndexStatus;
use crate::inspect::Reachable;
use crate::metrics::{HistogramFigures, ProcessStatistics};

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

pub(super) struct Own(Exposition);

impl Own {
    pub(super) fn counter(&mut self, name: &str, help: &str, labels: Labels<'_>, value: u64) {
        let name = format!("journalnode_{name}");
        self.0.add((&name, "_total"), ("counter", help), labels, value as f64);
    }

    pub(super) fn gauge(&mut self, name: &str, help: &str, labels: Labels<'_>, value: f64) {
        let name = format!("journalnode_{name}");
        self.0.add((&name, ""), ("gauge", help), labels, value);
    }

    /// In seconds.
    pub(super) fn histogram(
        &mut self,
        name: &str,
        help: &str,
        labels: Labels<'_>,
        figures: &HistogramFigures,
    ) {
        let name = format!("journalnode_{name}");
        let mut sample = |suffix, labels: Labels<'_>, value| {
            self.0.add((&name, suffix), ("histogram", help), labels, value);
        };
        let bounds = figures.up_to.iter().map(|(bound, count)| (bound.to_string(), *count));
        for (bound, count) in bounds.chain([("+Inf".to_owned(), figures.count)]) {
            sample("_bucket", &[labels, &[("le", bound.as_str())]].concat(), count as f64);
        }
        sample("_count", labels, figures.count as f64);
        sample("_sum", labels, figures.sum_seconds);
    }

    fn index(&mut self, index: &IndexStatus) {
        for state in ["off", "opening", "rebuilding", "ready"] {
            let labels: Labels<'_> = &[("state", state)];
            let is = bit(index.state.name() == state);
            self.gauge("index_state", "1 for the state that the index is in.", labels, is);
        }
        let [done, of] = index.state.rebuilt();
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

pub(super) fn bit(value: bool) -> f64 {
    f64::from(u8::from(value))
}
