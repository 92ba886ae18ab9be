use super::EditsQuery;
use super::edits_query::MAX_BYTES;
use crate::engine::cache::CachedEdits;
use crate::engine::decision::Stop;
use crate::engine::{Facts, Query, State};
use crate::types::{SegmentFile, TxId};

/// At most `max` transactions from `since` to `up_to`, as the files have them; `None` if they
/// do not have the first, or do not give it.
///
/// The files are asked once for a request. What they gave counts only if it is still what
/// readers may see: a transaction that was cut off meanwhile may be written anew by another
/// writer, and none can do that without a new promise or a lower end of the log.
pub(super) fn from_disk(
    state: &State,
    facts: &Facts,
    since: TxId,
    up_to: TxId,
    max: u32,
) -> Result<Option<CachedEdits>, Stop> {
    if let Some((query, edits)) = facts.edits()? {
        let end = TxId(query.since.0.saturating_add(i64::from(edits.count))).previous();
        let counts = edits.count > 0 && query.promised == state.last_promised_epoch;
        return Ok((counts && end <= state.highest_written).then_some(edits));
    }
    let segments = holding(state, since, up_to, max);
    if segments.is_empty() {
        return Ok(None);
    }
    let promised = state.last_promised_epoch;
    let query = EditsQuery { segments, since, up_to, max, max_bytes: MAX_BYTES, promised };
    Err(Stop::Ask(Query::Edits(query)))
}

/// The segments that have these transactions, as far as there is no gap and all are served.
fn holding(state: &State, since: TxId, up_to: TxId, max: u32) -> Vec<SegmentFile> {
    let up_to = up_to.min(TxId(since.0.saturating_add(i64::from(max))).previous());
    let mut segments = Vec::new();
    let mut next = since;
    while next <= up_to {
        let Some((file, last)) = serving(state, next) else { break };
        segments.push(file);
        next = last.next();
    }
    segments
}

/// The segment that has a transaction and may be read, and its last one. Of those in progress
/// it is only the one that is open: nobody knows whether what another one ends with was ever
/// committed.
fn serving(state: &State, txid: TxId) -> Option<(SegmentFile, TxId)> {
    if let Some(open) = &state.open
        && let (true, Some(last)) = (open.first <= txid, open.last)
    {
        return (txid <= last).then(|| (SegmentFile::in_progress(open.first), last));
    }
    let before = ..=SegmentFile::finalized(txid, TxId(i64::MAX));
    let finished = state.segments.range(before).rev().find(|file| !file.is_in_progress());
    let (file, last) = finished.and_then(|file| Some((*file, file.last?)))?;
    (txid <= last && state.withheld(file).is_none()).then_some((file, last))
}
