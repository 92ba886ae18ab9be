use std::collections::BTreeMap;

use hadoop_ipc::server::MetricsSnapshot;
use hadoop_ipc::server::metrics::{DetailedRate, RateSnapshot};

use crate::http::jmx::Bean;

/// The methods that Java shows before they are called.
const METHODS: [&str; 21] = [
    "newEpoch",
    "acceptRecovery",
    "discardSegments",
    "heartbeat",
    "isFormatted",
    "doPreUpgrade",
    "format",
    "getEditLogManifest",
    "canRollBack",
    "getEditLogManifestFromJournal",
    "purgeLogs",
    "doFinalize",
    "startLogSegment",
    "finalizeLogSegment",
    "journal",
    "doRollback",
    "getJournalState",
    "getJournalCTime",
    "prepareRecovery",
    "doUpgrade",
    "getJournaledEdits",
];

/// `RpcDetailedActivityForPort<port>` (`RpcDetailedMetrics`): times by method, and by
/// exception for calls that failed.
pub(super) fn bean(port: u16, rpc: &MetricsSnapshot, host: &str) -> Bean {
    let rates = by_shown_name(rpc);
    let mut bean = Bean::hadoop(&format!("RpcDetailedActivityForPort{port}"), Some("rpcdetailed"))
        .tag("port", port.to_string())
        .tag("Context", "rpcdetailed")
        .tag("Hostname", host);
    for name in rates.keys() {
        bean = bean.rate(&format!("Deferred{name}"), RateSnapshot::default());
    }
    for (name, rate) in &rates {
        bean = bean.rate(&format!("Overall{name}"), rate.overall);
    }
    for (name, rate) in &rates {
        bean = bean.rate(name, rate.processing);
    }
    bean
}

fn by_shown_name(rpc: &MetricsSnapshot) -> BTreeMap<String, DetailedRate> {
    let methods = METHODS.iter().copied();
    let mut rates: BTreeMap<String, DetailedRate> =
        methods.map(|method| (capitalized(method), DetailedRate::default())).collect();
    rates.extend(rpc.detailed.iter().map(|(name, rate)| (capitalized(name), *rate)));
    rates
}

fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_exceptions_are_shown_side_by_side() {
        let mut rpc = MetricsSnapshot::default();
        let processing = RateSnapshot { count: 2, total_ns: 3_000_000 };
        let rate = DetailedRate { processing, overall: processing };
        rpc.detailed.insert("journal".into(), rate);
        rpc.detailed.insert("JournalOutOfSyncException".into(), rate);
        let bean = bean(8485, &rpc, "h");
        let value = |name: &str| bean.attributes.iter().find(|one| one.name == name).unwrap();
        assert_eq!(value("JournalNumOps").value, 2_u64.into());
        assert_eq!(value("OverallJournalAvgTime").value, 1.5.into());
        assert_eq!(value("JournalOutOfSyncExceptionNumOps").value, 2_u64.into());
        assert_eq!(value("HeartbeatAvgTime").value, 0.0.into());
    }
}
