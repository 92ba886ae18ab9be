use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

use super::{Finding, Scrubber};
use crate::journal::Journal;
use crate::types::{JournalId, SegmentFile};

/// How often somebody who asked is told how far it is, at most.
const TELL: Duration = Duration::from_millis(200);

/// What who asked for a check is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScrubEvent {
    /// How far it is.
    Progress {
        /// Segments that were looked at.
        done: u64,
        /// Of how many.
        of: u64,
        /// Bytes that were read for it.
        bytes: u64,
    },
    /// A segment that is not simply good.
    Found(JournalId, SegmentFile, Finding),
    /// All was looked at.
    Ended(ScrubTotals),
}

/// What a check found in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrubTotals {
    /// Segments that were looked at.
    pub segments: u64,
    /// Bytes that were read for it.
    pub bytes: u64,
    /// Segments that were not what they were, the healed ones included.
    pub damaged: u64,
    /// Those of them that a peer's copy has replaced.
    pub healed: u64,
    /// Segments that could not be read.
    pub unknown: u64,
}

/// Why nothing is checked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotChecked {
    /// One at a time.
    #[error("a scrub that somebody asked for is running; wait for its end")]
    Running,
}

impl Scrubber {
    /// Checks all finished segments of these journals now, beside what is checked by itself:
    /// at the same pace, or `unpaced`. Ends early when nobody listens any more.
    pub async fn check_now(
        &self,
        journals: &[Arc<Journal>],
        unpaced: bool,
        told: &Sender<ScrubEvent>,
    ) -> Result<(), NotChecked> {
        let _one_at_a_time = self.requested.try_acquire().map_err(|_| NotChecked::Running)?;
        let work: Vec<_> = journals
            .iter()
            .flat_map(|journal| journal.finished_segments().into_iter().map(move |s| (journal, s)))
            .collect();
        let mut request = Request { told, of: work.len() as u64, totals: ScrubTotals::default() };
        let mut next_told = Instant::now();
        for (journal, segment) in work {
            if told.is_closed() || self.stopping.is_cancelled() {
                return Ok(());
            }
            if next_told <= Instant::now() {
                request.tell_progress().await;
                next_told = Instant::now() + TELL;
            }
            self.check_one(journal, segment, unpaced, &mut request).await;
        }
        request.tell_progress().await;
        let _ = told.send(ScrubEvent::Ended(request.totals)).await;
        Ok(())
    }

    /// Whether a check that somebody asked for is running.
    pub fn is_checking_now(&self) -> bool {
        self.requested.available_permits() == 0
    }

    async fn check_one(
        &self,
        journal: &Arc<Journal>,
        segment: SegmentFile,
        unpaced: bool,
        request: &mut Request<'_>,
    ) {
        let before = journal.scrub_metrics().bytes_checked();
        let finding = {
            let mut known = self.known_of(journal).await;
            let pace = if unpaced { &self.unpaced } else { &self.pace };
            self.look_at(journal, &mut known, segment, pace).await
        };
        // Nobody else counts while the segment is held.
        request.totals.bytes += journal.scrub_metrics().bytes_checked() - before;
        request.note(journal.id(), segment, finding).await;
    }
}

/// A check that somebody asked for.
struct Request<'a> {
    told: &'a Sender<ScrubEvent>,
    of: u64,
    totals: ScrubTotals,
}

impl Request<'_> {
    async fn tell_progress(&self) {
        let ScrubTotals { segments: done, bytes, .. } = self.totals;
        let _ = self.told.send(ScrubEvent::Progress { done, of: self.of, bytes }).await;
    }

    async fn note(&mut self, journal: &JournalId, segment: SegmentFile, finding: Finding) {
        let totals = &mut self.totals;
        totals.segments += 1;
        match &finding {
            Finding::Damaged { not_healed, .. } => {
                totals.damaged += 1;
                totals.healed += u64::from(not_healed.is_none());
            }
            Finding::Unknown(_) => totals.unknown += 1,
            Finding::Sound | Finding::NotRecorded | Finding::Gone | Finding::Stopped => return,
        }
        let _ = self.told.send(ScrubEvent::Found(journal.clone(), segment, finding)).await;
    }
}
