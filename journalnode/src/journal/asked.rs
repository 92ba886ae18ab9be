use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tracing::warn;

use super::writer_watch::WriterWatch;
use super::{Journal, Signs, Standing, Writer};
use crate::types::Epoch;

/// A request that waits longer for its turn is worth a line in the log.
const SLOW_TURN: Duration = Duration::from_secs(1);

/// A request of a writer that has no answer yet.
#[derive(Debug)]
pub(crate) struct Asked<'a>(Option<&'a Journal>);

/// Who writes this journal, and whether it does.
impl Journal {
    /// Notes that a writer of this epoch asks for something; it has its answer when the result
    /// is dropped. Whoever is fenced is no writer.
    pub(crate) fn asked_by(&self, by: SocketAddr, epoch: Epoch) -> Asked<'_> {
        if epoch < self.state().last_promised_epoch {
            return Asked(None);
        }
        let gap = self.writer_watch().asked(by, epoch, Instant::now(), SystemTime::now());
        if let Some(gap) = gap {
            self.metrics.times().gaps.record(gap);
        }
        Asked(Some(self))
    }

    /// Since when the process serves: nobody can have asked before, and whoever did since then
    /// had the journal loaded.
    pub(crate) fn served_since(&self, started: Instant) {
        self.writer_watch().served_since(started);
    }

    /// The last writer that asked for something.
    pub fn writer(&self) -> Option<Writer> {
        self.writer_watch().writer()
    }

    /// How it stands with its writer.
    pub fn standing(&self) -> Standing {
        let (had_writer, segment_open) = {
            let state = self.state();
            (state.last_promised_epoch > Epoch(0), state.open.is_some())
        };
        let left_out = self.out_of_step.load(Relaxed);
        let watch = self.writer_watch();
        let (left_whole, silent_for) = (watch.left_whole(), watch.silent_for(Instant::now()));
        let signs = Signs { had_writer, segment_open, left_whole, left_out, silent_for };
        Standing::of(signs, self.options.idle_after)
    }

    /// That a batch came late says nothing: a writer without edits sends none. That it waited in
    /// here does.
    pub(super) fn note_turn(&self, by: Option<SocketAddr>, waited: Duration, asked: Instant) {
        let Some(by) = by else { return };
        self.metrics.times().waits.record(waited);
        if waited >= SLOW_TURN
            && let Some(untold) = self.slow_turns.tell(Instant::now())
        {
            warn!(journal = %self.id, peer = %by, "this node was slow, not the writer: a request \
                waited {waited:.1?} for its turn behind other work of this journal, and was \
                answered after {:.1?} ({untold} more since the last such line)", asked.elapsed());
        }
    }

    pub(super) fn writer_watch(&self) -> MutexGuard<'_, WriterWatch> {
        self.writer_watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if let Some(journal) = self.0 {
            journal.writer_watch().answered(Instant::now());
        }
    }
}
