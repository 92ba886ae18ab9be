use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rustix::fs::{Access, access};
use serde::Serialize;

use crate::journal::{JournalStatus, Standing};
use crate::types::JournalId;

/// What `/ready` answers.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Readiness {
    ready: bool,
    /// Journals in service.
    journals: Vec<String>,
    /// Those of them that have a segment open whose writer was heard lately.
    in_step: Vec<String>,
    /// Those of them that nobody seems to write to, here or elsewhere.
    idle: Vec<String>,
    /// Journals that nobody has formatted yet. Normal on a new node.
    waiting: Vec<String>,
    /// Why not.
    reasons: Vec<String>,
    /// All journals that are loaded.
    #[serde(skip)]
    seen: BTreeSet<String>,
}

impl Readiness {
    pub(super) fn of(statuses: &[JournalStatus]) -> Self {
        let mut readiness = Self::default();
        for status in statuses {
            let id = status.id.to_string();
            readiness.seen.insert(id.clone());
            match trouble(status) {
                Some(reason) => readiness.reasons.push(reason),
                None if status.is_formatted() => readiness.stands(id, status.standing),
                None => readiness.waiting.push(id),
            }
        }
        readiness
    }

    fn stands(&mut self, id: String, standing: Standing) {
        match standing {
            Standing::InStep => self.in_step.push(id.clone()),
            Standing::Idle => self.idle.push(id.clone()),
            Standing::AwaitingWriter { idle_in } => return self.reasons.push(format!(
                "journal {id} waits for the writer: no segment was started here since this node \
                 started or the writer changed, so one may be written without it; roll the edits \
                 (hdfs dfsadmin -rollEdits), or wait: it counts as idle if nobody asks for \
                 anything for {}s more",
                idle_in.as_secs() + 1
            )),
            Standing::OutOfStep => return self.reasons.push(format!(
                "journal {id} is out of step: the writer goes on without this node, which joins \
                 again at the next roll (hdfs dfsadmin -rollEdits)"
            )),
        }
        self.journals.push(id);
    }

    /// Journals that were written to before this process started, and that nobody asked for
    /// since: a writer's first request would have had them loaded.
    pub(super) fn look_at_untouched(&mut self, directory: &Path, standing: Standing) {
        for id in written_before(directory) {
            if !self.seen.contains(&id) {
                self.stands(id, standing);
            }
        }
    }

    pub(super) fn look_at(&mut self, directory: &Path) {
        let needed = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
        if let Err(error) = access(directory, needed) {
            let error = std::io::Error::from(error);
            self.reasons.push(format!("edits directory {}: {error}", directory.display()));
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    pub(super) fn finish(mut self) -> Self {
        self.ready = self.reasons.is_empty();
        self
    }
}

fn trouble(status: &JournalStatus) -> Option<String> {
    let id = &status.id;
    if let Some(reason) = &status.out_of_service {
        return Some(format!("journal {id} is out of service: {reason}"));
    }
    if status.out_of_step && !status.is_formatted() {
        return Some(format!("journal {id} is not formatted, and a writer goes on without it"));
    }
    let (first, reason) = status.failed_segments.last()?;
    // The writer went on with another segment: that disk works again.
    if status.open_segment.is_some() {
        return None;
    }
    Some(format!("journal {id}: segment {first} was closed because the disk failed: {reason}"))
}

/// The journals of an edits directory whose node has promised something to a writer.
fn written_before(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let journals = entries.filter(|entry| {
        let current = entry.path().join("current");
        let promised = fs::read_to_string(current.join("last-promised-epoch"));
        current.join("VERSION").is_file() && promised.is_ok_and(|epoch| epoch.trim() != "0")
    });
    let names = journals.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| JournalId::new(name).is_ok()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::types::{Epoch, LayoutVersion, StorageInfo, TxId};

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
            standing: Standing::Idle,
            writer: None,
            last_write: None,
            reserve_bytes: 0,
            running: None,
            queued_since: None,
            out_of_service: None,
            cache_bytes: None,
        }
    }

    #[test]
    fn an_unformatted_journal_waits_and_is_not_broken() {
        let readiness = Readiness::of(&[status("new", false), status("old", true)]).finish();
        assert!(readiness.is_ready());
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
        assert!(!readiness.is_ready());
        assert_eq!(readiness.reasons.len(), 2);
        assert!(
            readiness.reasons[0].contains("segment 7") && readiness.reasons[1].contains("b is out")
        );
    }

    #[test]
    fn a_node_that_a_writer_may_do_without_is_not_ready_and_one_without_a_writer_is() {
        let standing = |name: &str, standing| JournalStatus { standing, ..status(name, true) };
        for (standing, hint) in [
            (standing("a", Standing::OutOfStep), "goes on without this node"),
            (standing("a", Standing::AwaitingWriter { idle_in: Duration::ZERO }), "for 1s more"),
        ] {
            let readiness = Readiness::of(&[standing]).finish();
            assert!(!readiness.is_ready());
            assert!(readiness.reasons[0].contains("-rollEdits"), "{:?}", readiness.reasons);
            assert!(readiness.reasons[0].contains(hint), "{:?}", readiness.reasons);
        }
        let written = standing("w", Standing::InStep);
        let readiness = Readiness::of(&[status("idle", true), written]).finish();
        assert!(readiness.is_ready());
        assert_eq!(readiness.journals, ["idle", "w"]);
        assert_eq!((readiness.in_step, readiness.idle), (vec!["w".into()], vec!["idle".into()]));
    }

    #[test]
    fn a_journal_that_nobody_asked_for_since_the_start_may_have_a_writer_elsewhere() {
        let edits = tempfile::tempdir().unwrap();
        for (name, promised) in [("ns1", "7\n"), ("never-written", "0\n"), ("loaded", "3\n")] {
            let current = edits.path().join(name).join("current");
            fs::create_dir_all(&current).unwrap();
            fs::write(current.join("VERSION"), "").unwrap();
            fs::write(current.join("last-promised-epoch"), promised).unwrap();
        }
        fs::create_dir(edits.path().join("lost+found")).unwrap();
        let look = |standing| {
            let mut readiness = Readiness::of(&[status("loaded", true)]);
            readiness.look_at_untouched(edits.path(), standing);
            readiness.finish()
        };
        let early = look(Standing::AwaitingWriter { idle_in: Duration::from_secs(9) });
        assert!(!early.is_ready() && early.reasons[0].contains("ns1 waits for the writer"));
        assert_eq!(early.reasons.len(), 1);
        let late = look(Standing::Idle);
        assert_eq!((late.is_ready(), late.idle), (true, vec!["loaded".into(), "ns1".into()]));
    }

    #[test]
    fn a_directory_that_is_gone_makes_the_node_not_ready() {
        let mut readiness = Readiness::of(&[]);
        readiness.look_at(Path::new("/nonexistent"));
        assert!(!readiness.finish().is_ready());
    }
}
