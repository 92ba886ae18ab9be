use std::sync::Arc;

use hadoop_proto::inspect::v1::scrub_finding::Verdict;
use hadoop_proto::inspect::v1::scrub_response::Event;
use hadoop_proto::inspect::v1::{
    ScrubFinding, ScrubProgress, ScrubRequest, ScrubResponse, ScrubSummary,
};
use tokio::sync::mpsc;
use tonic::Status;

use super::Inspected;
use super::stream::Answering;
use crate::journal::Journal;
use crate::scrub::{Finding, ScrubEvent, Scrubber};
use crate::types::{JournalId, SegmentFile};

/// Which journals are meant.
pub(super) async fn journals(
    inspected: &Inspected,
    request: &ScrubRequest,
) -> Result<Vec<Arc<Journal>>, Status> {
    match &request.journal {
        Some(name) => Ok(vec![inspected.journal(name).await?]),
        None => Ok(inspected.node.loaded()),
    }
}

/// Checks, and tells what comes of it. A check that nobody waits for any more ends with the
/// segment that it is at, and leaves nothing half done.
pub(super) async fn run(
    scrubber: Arc<Scrubber>,
    journals: Vec<Arc<Journal>>,
    unpaced: bool,
    answers: Answering<ScrubResponse>,
) -> Result<(), Status> {
    let (told, mut events) = mpsc::channel(1);
    let check = tokio::spawn(async move { scrubber.check_now(&journals, unpaced, &told).await });
    while let Some(event) = events.recv().await {
        answers.send(ScrubResponse { event: Some(message(event)) }).await?;
    }
    let ended = check.await.map_err(|panic| Status::internal(panic.to_string()))?;
    ended.map_err(|busy| Status::failed_precondition(busy.to_string()))
}

fn message(event: ScrubEvent) -> Event {
    match event {
        ScrubEvent::Progress { done, of, bytes } => {
            Event::Progress(ScrubProgress { segments: done, segments_to_check: of, bytes })
        }
        ScrubEvent::Found(journal, segment, finding) => {
            Event::Finding(found(&journal, segment, finding))
        }
        ScrubEvent::Ended(totals) => Event::Summary(ScrubSummary {
            segments: totals.segments,
            bytes: totals.bytes,
            damaged: totals.damaged,
            healed: totals.healed,
            unknown: totals.unknown,
        }),
    }
}

fn found(journal: &JournalId, segment: SegmentFile, finding: Finding) -> ScrubFinding {
    let (verdict, what, not_healed) = match finding {
        Finding::Damaged { what, not_healed: None } => (Verdict::Healed, what, None),
        Finding::Damaged { what, not_healed } => (Verdict::Damaged, what, not_healed),
        Finding::Unknown(why) => (Verdict::Unknown, why, None),
        // Nobody is told of these.
        Finding::Sound | Finding::NotRecorded | Finding::Gone | Finding::Stopped => {
            (Verdict::Unspecified, String::new(), None)
        }
    };
    ScrubFinding {
        journal: journal.to_string(),
        first_txid: segment.first.0,
        last_txid: segment.last.unwrap_or(segment.first).0,
        verdict: verdict.into(),
        what,
        not_healed,
    }
}
