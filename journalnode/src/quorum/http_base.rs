use url::Url;

use crate::types::{JournalId, StorageInfo, TxId};

/// Where a node serves segments: scheme and port as it says, host as we know it
/// (`IPCLoggerChannel.getHttpServerURI`): a node that listens everywhere says `0.0.0.0`.
pub(super) fn http_base(host: &str, from_url: Option<&str>, http_port: u32) -> String {
    let said = from_url.and_then(|url| Url::parse(url).ok());
    let scheme = said.as_ref().map_or("http", Url::scheme);
    let port = said.as_ref().and_then(Url::port_or_known_default).map_or(http_port, u32::from);
    match host.contains(':') {
        true => format!("{scheme}://[{host}]:{port}"),
        false => format!("{scheme}://{host}:{port}"),
    }
}

/// Where the segment that starts with `first` is, in progress or not
/// (`GetJournalEditServlet.buildPath`).
pub(super) fn segment_url(
    base: &str,
    journal: &JournalId,
    storage: &StorageInfo,
    first: TxId,
) -> String {
    let StorageInfo { layout_version, namespace_id, cluster_id, c_time } = storage;
    let storage_info = format!("{layout_version}:{namespace_id}:{c_time}:{cluster_id}");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("jid", journal.as_str())
        .append_pair("segmentTxId", &first.to_string())
        .append_pair("storageInfo", &storage_info)
        .append_pair("inProgressOk", "true")
        .finish();
    format!("{base}/getJournal?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::LayoutVersion;

    #[test]
    fn the_host_is_ours_and_the_port_theirs() {
        assert_eq!(http_base("jn1", Some("http://0.0.0.0:8480"), 1), "http://jn1:8480");
        assert_eq!(http_base("jn1", Some("https://x:8481"), 1), "https://jn1:8481");
        assert_eq!(http_base("jn1", None, 8480), "http://jn1:8480");
        assert_eq!(http_base("::1", Some("nonsense"), 8480), "http://[::1]:8480");
    }

    #[test]
    fn the_address_of_a_segment_is_javas() {
        let storage = StorageInfo {
            layout_version: LayoutVersion(-67),
            namespace_id: 12345,
            cluster_id: "CID-1".into(),
            c_time: 0,
        };
        let journal = JournalId::new("a b").unwrap();
        assert_eq!(
            segment_url("http://jn1:8480", &journal, &storage, TxId(7)),
            "http://jn1:8480/getJournal?jid=a+b&segmentTxId=7\
             &storageInfo=-67%3A12345%3A0%3ACID-1&inProgressOk=true"
        );
    }
}
