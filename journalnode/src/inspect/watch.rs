use std::sync::Arc;
use std::time::Duration;

use hadoop_proto::inspect::v1::{StatusResponse, WatchRequest};
use tokio::time::sleep;
use tonic::Status;

use super::limits::{DEFAULT_WATCH_INTERVAL_MS, WATCH_INTERVAL_MS};
use super::stream::Answering;
use super::{Inspected, status};

/// How often a watcher may be told.
pub(super) fn interval(request: &WatchRequest) -> Result<Duration, Status> {
    let millis = match request.min_interval_ms {
        0 => DEFAULT_WATCH_INTERVAL_MS,
        millis => millis,
    };
    if !WATCH_INTERVAL_MS.contains(&millis) {
        let (from, to) = WATCH_INTERVAL_MS.into_inner();
        let text = format!("min_interval_ms = {millis}: must be {from} to {to}, or 0 for 1000");
        return Err(Status::invalid_argument(text));
    }
    Ok(Duration::from_millis(u64::from(millis)))
}

/// Tells the status at once, and again when it has changed.
pub(super) async fn run(
    inspected: Arc<Inspected>,
    interval: Duration,
    answers: Answering<StatusResponse>,
) -> Result<(), Status> {
    let mut told = None;
    loop {
        let now = status::of(&inspected).await?;
        let lasting = Some(without_clocks(now.clone()));
        if lasting != told {
            told = lasting;
            answers.send(now).await?;
        }
        sleep(interval).await;
    }
}

/// What changes by itself, and for other reasons than this node, is no news.
fn without_clocks(mut status: StatusResponse) -> StatusResponse {
    status.uptime_ms = 0;
    if let Some(index) = &mut status.index {
        (index.size_bytes, index.entries, index.hits, index.misses) = Default::default();
    }
    for journal in &mut status.journals {
        journal.free_bytes = None;
        if let Some(running) = &mut journal.running {
            running.age_ms = 0;
        }
    }
    status
}

#[cfg(test)]
mod tests {
    use hadoop_proto::inspect::v1::{JournalStatus, RunningEffect};

    use super::*;

    #[test]
    fn the_interval_has_bounds() {
        let of = |min_interval_ms| interval(&WatchRequest { min_interval_ms });
        assert_eq!(of(0).unwrap(), Duration::from_secs(1));
        assert_eq!(of(100).unwrap(), Duration::from_millis(100));
        assert_eq!(of(60_000).unwrap(), Duration::from_secs(60));
        for bad in [1, 99, 60_001, u32::MAX] {
            let refused = of(bad).unwrap_err();
            assert_eq!(refused.code(), tonic::Code::InvalidArgument);
            assert!(refused.message().contains("100 to 60000"), "{refused}");
        }
    }

    #[test]
    fn clocks_and_other_peoples_files_are_no_news() {
        let at = |uptime_ms, age_ms, free| StatusResponse {
            uptime_ms,
            journals: vec![JournalStatus {
                running: Some(RunningEffect { effect: "append".into(), age_ms }),
                free_bytes: Some(free),
                ..JournalStatus::default()
            }],
            ..StatusResponse::default()
        };
        assert_eq!(without_clocks(at(1, 2, 3)), without_clocks(at(4, 5, 6)));
        let mut other = at(1, 2, 3);
        other.journals[0].last_txid = Some(7);
        assert_ne!(without_clocks(other), without_clocks(at(1, 2, 3)));
    }
}
