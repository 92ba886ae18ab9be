use std::fs;
use std::time::SystemTime;

use crate::index::entries::MAX_EVENTS;
use crate::index::{HistoryEvent, HistoryKind};
use crate::journal::Journal;
use crate::types::SegmentFile;

/// The history of a journal as far as its files tell it: when each segment was finished. What is
/// among the events that wait to be written is left to them.
pub(super) fn seeds(
    journal: &Journal,
    segments: &[SegmentFile],
    waiting: &[HistoryEvent],
) -> Vec<HistoryEvent> {
    let kept = segments.len().saturating_sub(MAX_EVENTS as usize);
    let segments = segments.get(kept..).unwrap_or_default();
    let waits = |what: &HistoryKind| {
        waiting.iter().any(|event| event.journal == *journal.id() && event.what == *what)
    };
    let events = segments.iter().filter_map(|file| {
        let what = HistoryKind::SegmentFinalized { first: file.first, last: file.last? };
        let at = finished_at(journal, *file)?;
        (!waits(&what)).then(|| event(journal, at, what))
    });
    let mut events: Vec<_> = events.collect();
    events.sort_by_key(|event| event.at);
    events
}

/// An event of a journal, by nobody in particular.
pub(super) fn event(journal: &Journal, at: SystemTime, what: HistoryKind) -> HistoryEvent {
    HistoryEvent { seq: 0, at, journal: journal.id().clone(), what, peer: None }
}

fn finished_at(journal: &Journal, file: SegmentFile) -> Option<SystemTime> {
    let path = journal.files().root().join("current").join(file.to_string());
    fs::metadata(path).ok()?.modified().ok()
}
