use std::collections::BTreeMap;
use std::fs;
use std::time::UNIX_EPOCH;

use crate::http::Site;
use crate::http::jmx::Bean;
use crate::http::version::version;
use crate::types::StorageInfo;

/// `JournalNodeInfo` (`JournalNodeMXBean`); Java's has no index.
pub(super) fn bean(site: &Site) -> Bean {
    let name = [("service", "JournalNode"), ("name", "JournalNodeInfo")];
    let index = site.node.index().state();
    let [rebuilt, needed] = index.rebuilt();
    let started = site.started.duration_since(UNIX_EPOCH).unwrap_or_default();
    Bean::named("Hadoop", &name, "org.apache.hadoop.hdfs.qjournal.server.JournalNode", None)
        .plain("Version", version())
        .plain("JournalsStatus", journals_status(site))
        .plain("HostAndPort", site.rpc_address.to_string())
        .plain("ClusterIds", cluster_ids(site))
        .plain("JNStartedTimeInMillis", started.as_millis() as u64)
        .plain("StorageInfos", storage_infos(site))
        .plain("IndexState", index.name())
        .plain("IndexSegmentsRebuilt", rebuilt)
        .plain("IndexSegmentsToRebuild", needed)
}

/// `{"<jid>":{"Formatted":"true"}}`. A directory that no request has touched yet counts as
/// formatted, as in Java.
fn journals_status(site: &Site) -> String {
    let mut formatted: BTreeMap<String, bool> =
        directories(site).map(|name| (name, true)).collect();
    for journal in site.node.loaded() {
        formatted.insert(journal.id().to_string(), journal.status().is_formatted());
    }
    let shown: BTreeMap<String, BTreeMap<&str, String>> = formatted
        .into_iter()
        .map(|(name, is)| (name, BTreeMap::from([("Formatted", is.to_string())])))
        .collect();
    // A map of texts always has a JSON form.
    serde_json::to_string(&shown).unwrap_or_default()
}

fn directories(site: &Site) -> impl Iterator<Item = String> {
    let bases = site.node.directories().used();
    let entries = bases.into_iter().filter_map(|base| fs::read_dir(base).ok()).flatten().flatten();
    entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
}

fn cluster_ids(site: &Site) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for info in site.node.loaded().iter().filter_map(|journal| journal.status().info) {
        if !info.cluster_id.is_empty() && !ids.contains(&info.cluster_id) {
            ids.push(info.cluster_id);
        }
    }
    ids
}

fn storage_infos(site: &Site) -> Vec<String> {
    site.node.loaded().iter().map(|journal| map_text(journal.status().info.as_ref())).collect()
}

/// As Java prints a map with these keys (`StorageInfo.toMapString`).
fn map_text(info: Option<&StorageInfo>) -> String {
    let (cluster, c_time, id, layout) = info.map_or(("", 0, 0, 0), |info| {
        (info.cluster_id.as_str(), info.c_time, info.namespace_id, info.layout_version.0)
    });
    format!(
        "{{ClusterId={cluster}, CreationTime={c_time}, NamespaceId={id}, LayoutVersion={layout}}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::LayoutVersion;

    #[test]
    fn jn_134_storage_infos_are_texts_of_java_maps() {
        let info = StorageInfo {
            layout_version: LayoutVersion(-67),
            namespace_id: 1_711_363_522,
            cluster_id: "CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5".into(),
            c_time: 1_795_397_546_541,
        };
        assert_eq!(
            map_text(Some(&info)),
            "{ClusterId=CID-b561e103-89fe-47ce-bd1c-9afd327b4bb5, CreationTime=1795397546541, \
             NamespaceId=1711363522, LayoutVersion=-67}"
        );
    }
}
