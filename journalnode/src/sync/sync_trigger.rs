use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// 0 is for never tried.
const TRIED: u8 = 1;
const DONE: u8 = 2;
const RUNNING: u8 = 3;

/// Whether the syncer of a journal runs, or why not yet. It starts when the journal is first
/// asked for, or later with the first request that names its nameservice: peers may be
/// configured for that only (`JournalNode.getOrCreateJournal`).
#[derive(Debug, Default)]
pub struct SyncTrigger(AtomicU8);

impl SyncTrigger {
    /// Whether this request is to start the syncer.
    pub fn fires(&self, names_nameservice: bool) -> bool {
        let now = self.0.load(Relaxed);
        let next = if names_nameservice { DONE } else { TRIED };
        next > now && self.0.compare_exchange(now, next, Relaxed, Relaxed).is_ok()
    }

    /// The syncer runs: no request starts another.
    pub fn started(&self) {
        self.0.store(RUNNING, Relaxed);
    }

    /// Whether there is a syncer: what is in `edits.sync` is its own then.
    pub fn is_running(&self) -> bool {
        self.0.load(Relaxed) == RUNNING
    }

    /// Whether a later request could start it still.
    pub fn is_open(&self) -> bool {
        self.0.load(Relaxed) < DONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_137_the_first_request_and_the_first_that_names_the_nameservice() {
        let trigger = SyncTrigger::default();
        let fired = [false, false, true, true, false].map(|named| trigger.fires(named));
        assert_eq!(fired, [true, false, true, false, false]);
    }

    #[test]
    fn jn_137_a_running_syncer_is_not_started_again() {
        let trigger = SyncTrigger::default();
        assert!(trigger.fires(false));
        trigger.started();
        assert!(!trigger.fires(true) && !trigger.is_open() && trigger.is_running());
    }
}
