use url::Url;

use crate::types::{StorageInfo, TxId};

/// The address of a segment on a peer (`GetJournalEditServlet.buildPath`): scheme and port as
/// the peer says, the host as configured here, for the peer may know itself as `0.0.0.0`.
pub(crate) fn segment_url(
    from_url: &str,
    host: &str,
    journal: &str,
    first: TxId,
    namespace: &StorageInfo,
) -> Option<String> {
    let mut url = Url::parse(from_url).ok()?;
    let bracketed = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    url.set_host(Some(&bracketed)).ok()?;
    url.set_path("/getJournal");
    let StorageInfo { layout_version, namespace_id, cluster_id, c_time } = namespace;
    url.query_pairs_mut()
        .clear()
        .append_pair("jid", journal)
        .append_pair("segmentTxId", &first.to_string())
        .append_pair(
            "storageInfo",
            &format!("{layout_version}:{namespace_id}:{c_time}:{cluster_id}"),
        )
        .append_pair("inProgressOk", "false");
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::LayoutVersion;

    #[test]
    fn jn_138_host_from_here_scheme_and_port_from_there() {
        let namespace = StorageInfo {
            layout_version: LayoutVersion(-67),
            namespace_id: 7,
            cluster_id: "CID-a".into(),
            c_time: 5,
        };
        let url = |from, host| segment_url(from, host, "ns1", TxId(12), &namespace);
        let query = "jid=ns1&segmentTxId=12&storageInfo=-67%3A7%3A5%3ACID-a&inProgressOk=false";
        assert_eq!(
            url("http://0.0.0.0:8480", "jn2").unwrap(),
            format!("http://jn2:8480/getJournal?{query}")
        );
        let v6 = url("https://[::]:8481", "2001:db8::1").unwrap();
        assert!(v6.starts_with("https://[2001:db8::1]:8481/getJournal?"), "{v6}");
        assert_eq!(url("no address", "jn2"), None);
    }
}
