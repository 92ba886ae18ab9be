/// The name of a metric in Prometheus: words of the record's and the metric's name, in lower
/// case, joined by underscores (`PrometheusMetricsSink.prometheusName`).
pub(super) fn prometheus_name(record: &str, metric: &str) -> String {
    let name: Vec<char> = capitalized(record).chain(capitalized(metric)).collect();
    let mut out = String::new();
    for (index, c) in name.iter().enumerate() {
        if index > 0 && starts_word(name[index - 1], *c, name.get(index + 1)) {
            push_underscore(&mut out);
        }
        match c.is_ascii_alphanumeric() {
            true => out.push(c.to_ascii_lowercase()),
            false => push_underscore(&mut out),
        }
    }
    out
}

/// An upper-case letter starts a word if none or a lower-case letter is next to it.
fn starts_word(previous: char, c: char, next: Option<&char>) -> bool {
    let after_word = !previous.is_ascii_uppercase() && previous != '_';
    c.is_ascii_uppercase() && (after_word || next.is_some_and(char::is_ascii_lowercase))
}

/// Several separators in a row become one.
fn push_underscore(out: &mut String) {
    if !out.ends_with('_') {
        out.push('_');
    }
}

fn capitalized(name: &str) -> impl Iterator<Item = char> + '_ {
    let first = name.chars().next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(name.chars().skip(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first four are what Hadoop's own test of its sink expects.
    #[test]
    fn names_are_those_of_hadoops_sink() {
        for (record, metric, expected) in [
            ("rpcTime", "some", "rpc_time_some"),
            ("OMRpcTime", "OMInfoKeys", "om_rpc_time_om_info_keys"),
            ("RpcTime", "small", "rpc_time_small"),
            ("RpcTime", "SmallOk", "rpc_time_small_ok"),
            ("JournalNode", "BatchesWritten", "journal_node_batches_written"),
            ("JournalNode", "LastWrittenTxId", "journal_node_last_written_tx_id"),
            ("rpc", "RpcQueueTimeNumOps", "rpc_rpc_queue_time_num_ops"),
            (
                "JournalNode",
                "Syncs60s50thPercentileLatencyMicros",
                "journal_node_syncs60s50th_percentile_latency_micros",
            ),
            ("JvmMetrics", "MemHeapUsedM", "jvm_metrics_mem_heap_used_m"),
            ("rpcdetailed", "GetJournalCTimeAvgTime", "rpcdetailed_get_journal_c_time_avg_time"),
            ("ugi-metrics", "a.b", "ugi_metrics_a_b"),
        ] {
            assert_eq!(prometheus_name(record, metric), expected);
        }
    }
}
