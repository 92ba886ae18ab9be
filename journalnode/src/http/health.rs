use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use rustix::fs::{Access, access};
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::page::{TEXT, page};
use super::shared::Shared;
use crate::journal::JournalStatus;

const JSON: &str = "application/json;charset=utf-8";

/// `/live`: the process answers.
pub(super) async fn live() -> Response<Body> {
    page(TEXT, "ok")
}

/// `/ready`: 200 if this node is in step with the writer, or no writer is known to want it;
/// else 503 with the reasons.
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let look = spawn_blocking(move || {
        let statuses: Vec<JournalStatus> =
            shared.site.node.loaded().iter().map(|journal| journal.status()).collect();
        let mut readiness = Readiness::of(&statuses);
        for directory in shared.site.node.directories().used() {
            readiness.look_at(&directory);
        }
        readiness.finish()
    });
    let readiness = look.await.unwrap_or_default();
    // Texts and lists always have a JSON form.
    let mut response = page(JSON, serde_json::to_string(&readiness).unwrap_or_default());
    if !readiness.ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

/// What `/ready` answers.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Readiness {
    ready: bool,
    /// Journals in service.
    journals: Vec<String>,
    /// Those of them that have a segment open: a writer wrote to this node last.
    in_step: Vec<String>,
    /// Journals that nobody has formatted yet. Normal on a new node.
    waiting: Vec<String>,
    /// Why not.
    reasons: Vec<String>,
}

impl Readiness {
    fn of(statuses: &[JournalStatus]) -> Self {
        let mut readiness = Self::default();
        for status in statuses {
            let id = status.id.to_string();
            match trouble(status) {
                Some(reason) => readiness.reasons.push(reason),
                None if status.is_formatted() => {
                    if status.open_segment.is_some() {
                        readiness.in_step.push(id.clone());
                    }
                    readiness.journals.push(id);
                }
                None => readiness.waiting.push(id),
            }
        }
        readiness
    }

    fn look_at(&mut self, directory: &Path) {
        let needed = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
        if let Err(error) = access(directory, needed) {
            let error = std::io::Error::from(error);
            self.reasons.push(format!("edits directory {}: {error}", directory.display()));
        }
    }

    fn finish(mut self) -> Self {
        self.ready = self.reasons.is_empty();
        self
    }
}

fn trouble(status: &JournalStatus) -> Option<String> {
    let id = &status.id;
    if let Some(reason) = &status.out_of_service {
        return Some(format!("journal {id} is out of service: {reason}"));
    }
    if status.out_of_step {
        return Some(format!(
            "journal {id} is out of step: the writer goes on without this node, which joins again \
             at the next roll (hdfs dfsadmin -rollEdits)"
        ));
    }
    let (first, reason) = status.failed_segments.last()?;
    // The writer went on with another segment: that disk works again.
    if status.open_segment.is_some() {
        return None;
    }
    Some(format!("journal {id}: segment {first} was closed because the disk failed: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Epoch, JournalId, LayoutVersion, StorageInfo, TxId};

    fn status(name: &str, formatted: bool) -> JournalStatus {
        let info = StorageInfo {
            layout_version: LayoutVersion::CURRENT,
            namespace_id: 1,
            cluster_id: "c".into(),
            c_time: 0,
        };
        JournalStatus {
            id: JournalId::new(name).unwrap(),
            directory: "/nonexistent".into(),
            info: formatted.then_some(info),
            last_promised_epoch: Epoch(0),
            last_writer_epoch: Epoch(0),
            committed_txid: None,
            highest_written: TxId(0),
            lag_txns: 0,
            open_segment: None,
            segments: 0,
            failed_segments: Vec::new(),
            damaged_segments: Vec::new(),
            rejoin: None,
            out_of_step: false,
            running: None,
            out_of_service: None,
            cache_bytes: None,
        }
    }

    #[test]
    fn an_unformatted_journal_waits_and_is_not_broken() {
        let readiness = Readiness::of(&[status("new", false), status("old", true)]).finish();
        assert!(readiness.ready);
        assert_eq!(
            (readiness.waiting, readiness.journals),
            (vec!["new".into()], vec!["old".into()])
        );
    }

    #[test]
    fn a_failed_disk_makes_the_node_not_ready() {
        let mut failed = status("a", true);
        failed.failed_segments.push((TxId(7), "EIO".into()));
        let mut out = status("b", true);
        out.out_of_service = Some("sync failed".into());
        let readiness = Readiness::of(&[failed, out]).finish();
        assert!(!readiness.ready);
        assert_eq!(readiness.reasons.len(), 2);
        assert!(
            readiness.reasons[0].contains("segment 7") && readiness.reasons[1].contains("b is out")
        );
    }

    #[test]
    fn a_node_that_a_writer_leaves_out_is_not_ready_and_one_without_a_writer_is() {
        let mut left_out = status("a", true);
        left_out.out_of_step = true;
        let readiness = Readiness::of(&[left_out]).finish();
        assert!(!readiness.ready && readiness.reasons[0].contains("-rollEdits"));
        let mut written = status("w", true);
        written.open_segment = Some(TxId(8));
        let readiness = Readiness::of(&[status("idle", true), written]).finish();
        assert!(readiness.ready);
        assert_eq!(readiness.journals, ["idle", "w"]);
        assert_eq!(readiness.in_step, ["w"]);
    }

    #[test]
    fn a_directory_that_is_gone_makes_the_node_not_ready() {
        let mut readiness = Readiness::of(&[]);
        readiness.look_at(Path::new("/nonexistent"));
        assert!(!readiness.finish().ready);
    }
}
