use super::ReadError;
use crate::engine::ManifestEntry;
use crate::types::TxId;

/// What one node of a majority has of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeManifest {
    /// `host:port`.
    pub node: String,
    /// Where it serves segments: `http://host:port`.
    pub http: String,
    /// Its segments, oldest first, one in progress last.
    pub segments: Vec<ManifestEntry>,
    /// What it knows to be committed.
    pub committed: Option<TxId>,
}

/// How to read the log from one transaction on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// There is nothing new.
    Nothing,
    /// All that a finalized segment holds is committed: any of these copies will do.
    Finalized(Vec<Source>),
    /// Copies of segments in progress, which may differ: a majority has to agree.
    InProgress(Vec<Source>),
}

/// A copy of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) node: String,
    pub(super) http: String,
    pub(super) first: TxId,
    /// Read no further.
    pub(super) last: TxId,
}

/// Decides by the manifests of a majority where to read `since`. A finalized copy goes before
/// one in progress: the latter may be what a node kept that missed a recovery
/// (`JournalSet.chainAndMakeRedundantStreams`).
pub(super) fn plan(since: TxId, manifests: &[NodeManifest]) -> Result<Plan, ReadError> {
    let finalized = sources(since, manifests, |entry| entry.end.filter(|_| !entry.in_progress));
    if !finalized.is_empty() {
        return Ok(Plan::Finalized(finalized));
    }
    let committed = manifests.iter().filter_map(|manifest| manifest.committed).max();
    let in_progress =
        sources(since, manifests, |entry| entry.end.filter(|_| entry.in_progress).min(committed));
    if !in_progress.is_empty() {
        return Ok(Plan::InProgress(in_progress));
    }
    let logs = manifests.iter().flat_map(|manifest| &manifest.segments);
    let later = logs.filter(|entry| !entry.in_progress && entry.start > since);
    match later.map(|entry| entry.start).min() {
        Some(oldest) => Err(ReadError::Gone { since, oldest }),
        None => Ok(Plan::Nothing),
    }
}

/// The segments that hold `since` before what `last` says is their end.
fn sources(
    since: TxId,
    manifests: &[NodeManifest],
    last: impl Fn(&ManifestEntry) -> Option<TxId>,
) -> Vec<Source> {
    let of_node = |manifest: &NodeManifest| {
        let NodeManifest { node, http, segments, .. } = manifest.clone();
        let source = |entry: ManifestEntry| {
            let last = last(&entry).filter(|last| entry.start <= since && since <= *last)?;
            Some(Source { node: node.clone(), http: http.clone(), first: entry.start, last })
        };
        segments.into_iter().find_map(source)
    };
    manifests.iter().filter_map(of_node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(node: &str, committed: i64, logs: &[(i64, i64, bool)]) -> NodeManifest {
        let entry = |(start, end, in_progress): &(i64, i64, bool)| ManifestEntry {
            start: TxId(*start),
            end: Some(TxId(*end)),
            in_progress: *in_progress,
        };
        NodeManifest {
            node: node.to_owned(),
            http: format!("http://{node}"),
            segments: logs.iter().map(entry).collect(),
            committed: TxId::from_java(committed),
        }
    }

    fn source(node: &str, first: i64, last: i64) -> Source {
        let (node, http) = (node.to_owned(), format!("http://{node}"));
        Source { node, http, first: TxId(first), last: TxId(last) }
    }

    #[test]
    fn a_finalized_copy_goes_before_one_in_progress() {
        let stale = manifest("a", 3, &[(1, 9, true)]);
        let good = manifest("b", 8, &[(1, 5, false), (6, 8, true)]);
        let planned = plan(TxId(4), &[stale, good]);
        assert_eq!(planned, Ok(Plan::Finalized(vec![source("b", 1, 5)])));
    }

    #[test]
    fn what_is_in_progress_is_read_as_far_as_it_is_committed() {
        let behind = manifest("a", 4, &[(3, 5, true)]);
        let ahead = manifest("b", 6, &[(3, 9, true)]);
        let manifests = [behind, ahead];
        let sources = vec![source("a", 3, 5), source("b", 3, 6)];
        assert_eq!(plan(TxId(5), &manifests), Ok(Plan::InProgress(sources)));
        assert_eq!(plan(TxId(7), &manifests), Ok(Plan::Nothing));
    }

    #[test]
    fn nothing_is_committed_before_a_writer_says_so() {
        let fresh = manifest("a", -12345, &[(1, 3, true)]);
        assert_eq!(plan(TxId(1), &[fresh]), Ok(Plan::Nothing));
    }

    #[test]
    fn what_was_purged_is_gone() {
        let purged = manifest("a", 30, &[(21, 30, false)]);
        let gone = ReadError::Gone { since: TxId(5), oldest: TxId(21) };
        assert_eq!(plan(TxId(5), std::slice::from_ref(&purged)), Err(gone));
        assert_eq!(plan(TxId(31), &[purged]), Ok(Plan::Nothing));
    }
}
