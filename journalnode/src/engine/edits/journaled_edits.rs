use super::from_disk::from_disk;
use super::{EditsSource, Pace};
use crate::engine::cache::{CacheMiss, CachedEdits, EditsCache};
use crate::engine::decision::{Stop, decide};
use crate::engine::{Decision, Facts, Fault, Refusal, State};
use crate::types::TxId;

/// `Journal.getJournaledEdits`. Only durable edits are in the cache; what is not in it comes
/// from the files, unless a standby catches up sooner after a miss ([`Pace`]).
pub fn journaled_edits(
    state: &State,
    facts: &Facts,
    since: TxId,
    max: u32,
    pace: Pace,
) -> Decision<(CachedEdits, EditsSource)> {
    decide(state, |_| {
        let cache = state.cache.as_ref().ok_or(Refusal::CacheDisabled)?;
        let highest = state.highest_written;
        if since == highest.next() {
            return Ok((CachedEdits::default(), EditsSource::Nowhere));
        }
        if since > highest {
            return Err(Refusal::NewerTxnId { highest, since }.into());
        }
        if max == 0 {
            return Err(Refusal::BadMaxTxns(max).into());
        }
        let miss = match cached(cache, since, max)? {
            Ok(edits) => return Ok((edits, EditsSource::Cache)),
            Err(miss) => miss,
        };
        let rest = highest.0.saturating_sub(since.0).saturating_add(1) as u64;
        if !pace.keeps_up(rest, u64::from(max)) {
            return Err(miss.into());
        }
        match from_disk(state, facts, since, highest, max)? {
            // The answer may be shorter than hoped for.
            Some(edits) if pace.keeps_up(rest, u64::from(edits.count)) => {
                Ok((edits, EditsSource::Disk))
            }
            _ => Err(miss.into()),
        }
    })
}

/// What the cache has, or by how much it missed. A cache that ends early says "nothing new" in
/// Java, where a standby then waits for the next batch.
fn cached(cache: &EditsCache, since: TxId, max: u32) -> Result<Result<CachedEdits, Refusal>, Stop> {
    match cache.retrieve(since, max) {
        Ok(edits) if edits.count > 0 => Ok(Ok(edits)),
        Ok(_) => {
            let text = format!("Cache ends before txn ID {since}, which was not written here.");
            Ok(Err(Refusal::CacheMiss { text, missed_by_txns: 0 }))
        }
        Err(CacheMiss::Missed { text, by_txns }) => {
            Ok(Err(Refusal::CacheMiss { text, missed_by_txns: by_txns }))
        }
        Err(malformed @ CacheMiss::Malformed { .. }) => {
            let message = malformed.to_string();
            Err(Fault { java_class: "java.io.IOException", message }.into())
        }
    }
}
