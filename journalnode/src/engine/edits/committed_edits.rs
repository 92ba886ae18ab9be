use super::EditsSource;
use super::from_disk::from_disk;
use crate::engine::cache::CachedEdits;
use crate::engine::decision::decide;
use crate::engine::{Decision, Facts, Refusal, State};
use crate::types::TxId;

/// Transactions from `since` on that this node knows to be committed; none if the next one is
/// not known to be yet. Works without a cache.
pub fn committed_edits(
    state: &State,
    facts: &Facts,
    since: TxId,
    max: u32,
) -> Decision<(CachedEdits, EditsSource)> {
    decide(state, |_| {
        if max == 0 {
            return Err(Refusal::BadMaxTxns(max).into());
        }
        let Some(committed) = state.committed_and_served().filter(|txid| since <= *txid) else {
            return Ok((CachedEdits::default(), EditsSource::Nowhere));
        };
        let there = committed.0.saturating_sub(since.0).saturating_add(1);
        let max = u32::try_from(there).unwrap_or(u32::MAX).min(max);
        let cached = state.cache.as_ref().and_then(|cache| cache.retrieve(since, max).ok());
        if let Some(edits) = cached.filter(|edits| edits.count > 0) {
            return Ok((edits, EditsSource::Cache));
        }
        match from_disk(state, facts, since, committed, max)? {
            Some(edits) => Ok((edits, EditsSource::Disk)),
            None => Err(gone(state, since).into()),
        }
    })
}

/// Says what to do: another node may have it.
fn gone(state: &State, since: TxId) -> Refusal {
    let finished = state.segments.iter().find(|file| !file.is_in_progress());
    let oldest = finished.map(|file| file.first).or(state.open.map(|open| open.first));
    let oldest = oldest.unwrap_or(since);
    let text = if since < oldest {
        format!(
            "txn ID {since} is not on this JournalNode any more, the oldest is {oldest}; ask \
             another one, or start from there"
        )
    } else {
        format!("txn ID {since} is missing or damaged on this JournalNode; ask another one")
    };
    Refusal::CacheMiss { text, missed_by_txns: oldest.0.saturating_sub(since.0).max(0) as u64 }
}
