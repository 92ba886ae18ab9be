use super::refusal::{ILLEGAL_ARGUMENT, IO, Refusal};
use crate::http::query::Query;
use crate::types::{StorageInfo, TxId};

/// The parameters of a request, read one by one in Java's order: which of two mistakes is
/// reported depends on it.
pub(super) struct SegmentRequest<'a>(pub(super) &'a Query);

impl SegmentRequest<'_> {
    /// `jid`, not checked.
    pub(super) fn journal(&self) -> Result<&str, Refusal> {
        let missing = || Refusal::failed(ILLEGAL_ARGUMENT, "bad journal id: null");
        self.0.value("jid").ok_or_else(missing)
    }

    /// Whether a segment in progress will do: everything but `false` says so.
    pub(super) fn in_progress_ok(&self) -> bool {
        !self.0.value("inProgressOk").is_some_and(|value| value.eq_ignore_ascii_case("false"))
    }

    /// Refuses who expects another namespace. Layout version and creation time may differ:
    /// they do during an upgrade.
    pub(super) fn check_storage(&self, ours: Option<&StorageInfo>) -> Result<(), Refusal> {
        let Some(theirs) = self.0.value("storageInfo") else { return Ok(()) };
        let fields: Vec<&str> = theirs.split(':').collect();
        let id = fields.get(1).ok_or_else(|| index_out_of_bounds(1, &fields))?;
        let expected_id: i32 = id.parse().map_err(|_| number_format(id))?;
        let expected_cluster = fields.get(3).filter(|field| !field.is_empty());
        let expected_cluster = expected_cluster.ok_or_else(|| index_out_of_bounds(3, &fields))?;
        let (id, cluster) =
            ours.map_or((0, ""), |info| (info.namespace_id, info.cluster_id.as_str()));
        if id == expected_id && cluster == *expected_cluster {
            return Ok(());
        }
        Err(Refusal::Forbidden(format!(
            "This node has namespaceId '{id} and clusterId '{cluster}' but the requesting node \
             expected '{expected_id}' and '{expected_cluster}'"
        )))
    }

    /// `segmentTxId`.
    pub(super) fn first_txid(&self) -> Result<TxId, Refusal> {
        let missing = "Invalid request has no segmentTxId parameter";
        let value = self.0.value("segmentTxId").ok_or(Refusal::failed(IO, missing))?;
        value.parse().map(TxId).map_err(|_| number_format(value))
    }
}

fn number_format(value: &str) -> Refusal {
    let message = format!("For input string: \"{value}\"");
    Refusal::failed("java.lang.NumberFormatException", message)
}

fn index_out_of_bounds(index: usize, fields: &[&str]) -> Refusal {
    let message = format!("Index {index} out of bounds for length {}", fields.len());
    Refusal::failed("java.lang.ArrayIndexOutOfBoundsException", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::LayoutVersion;

    fn ours() -> StorageInfo {
        StorageInfo {
            layout_version: LayoutVersion(-67),
            namespace_id: 7,
            cluster_id: "CID-a".into(),
            c_time: 5,
        }
    }

    fn check(query: &str, info: Option<&StorageInfo>) -> Result<(), Refusal> {
        SegmentRequest(&Query::parse(Some(query))).check_storage(info)
    }

    #[test]
    fn jn_126_only_the_word_false_refuses_segments_in_progress() {
        let ok = |query| SegmentRequest(&Query::parse(Some(query))).in_progress_ok();
        assert!(ok("") && ok("inProgressOk=") && ok("inProgressOk=no") && ok("inProgressOk=true"));
        assert!(!ok("inProgressOk=false") && !ok("inProgressOk=FALSE"));
        assert!(ok("inProgressOk=+false"));
    }

    #[test]
    fn jn_124_namespace_and_cluster_must_match_and_nothing_else() {
        assert!(check("", Some(&ours())).is_ok());
        assert!(check("storageInfo=-1%3A7%3A99%3ACID-a", Some(&ours())).is_ok());
        let wrong = check("storageInfo=-67:1:0:CID-wrong", Some(&ours()));
        assert_eq!(
            wrong,
            Err(Refusal::Forbidden(
                "This node has namespaceId '7 and clusterId 'CID-a' but the requesting node \
                 expected '1' and 'CID-wrong'"
                    .into()
            ))
        );
        assert!(matches!(check("storageInfo=-67:7:0:CID-a", None), Err(Refusal::Forbidden(_))));
    }

    #[test]
    fn jn_125_malformed_parameters_are_failures() {
        for query in ["storageInfo=", "storageInfo=1:x:0:C", "storageInfo=1:7:0:"] {
            assert!(matches!(check(query, Some(&ours())), Err(Refusal::Failed { .. })), "{query}");
        }
        for query in ["", "segmentTxId=", "segmentTxId=1x", "segmentTxId=9223372036854775808"] {
            let query = Query::parse(Some(query));
            let refusal = SegmentRequest(&query).first_txid().unwrap_err();
            assert!(matches!(refusal, Refusal::Failed { .. }), "{query:?}");
        }
        let query = Query::parse(Some("segmentTxId=-1"));
        assert_eq!(SegmentRequest(&query).first_txid(), Ok(TxId(-1)));
    }
}
