use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use tokio::task::spawn_blocking;

use super::page::{TEXT, page};
use super::shared::Shared;
use crate::journal::{JournalStatus, Writer};

/// `/stacks`: where Java lists the stacks of its threads, this lists the threads with what the
/// kernel says they wait for, and the journals with what they are doing.
pub(super) async fn stacks(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let text = spawn_blocking(move || {
        let journals = shared.site.node.loaded();
        let statuses: Vec<JournalStatus> = journals.iter().map(|one| one.status()).collect();
        describe(Path::new("/proc/self/task"), &statuses)
    });
    page(TEXT, text.await.unwrap_or_default())
}

fn describe(tasks: &Path, journals: &[JournalStatus]) -> String {
    let mut threads: Vec<String> = fs::read_dir(tasks)
        .into_iter()
        .flatten()
        .flatten()
        .map(|task| thread(&task.path()))
        .collect();
    threads.sort();
    let mut out = format!("Process Thread Dump: \n{} active threads\n", threads.len());
    threads.iter().for_each(|thread| out.push_str(thread));
    for journal in journals {
        let _ = writeln!(out, "{}", one_journal(journal));
    }
    out
}

fn thread(task: &Path) -> String {
    let read =
        |file: &str| fs::read_to_string(task.join(file)).unwrap_or_default().trim().to_owned();
    let known = |text: String| if text.is_empty() { "unknown".to_owned() } else { text };
    let id = task.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stat = read("stat");
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()).unwrap_or('?');
    let syscall = read("syscall");
    let syscall = syscall.split(' ').next().unwrap_or_default().to_owned();
    format!(
        "Thread {id} ({}):\n  State: {state}\n  Waiting in: {}\n  System call: {}\n",
        read("comm"),
        known(read("wchan")),
        known(syscall),
    )
}

fn one_journal(journal: &JournalStatus) -> String {
    let segment = journal.open_segment.map_or("none".to_owned(), |first| first.to_string());
    let mut line = format!(
        "Journal {}: promised epoch {}, writer epoch {}, open segment {segment}, last written {}",
        journal.id, journal.last_promised_epoch, journal.last_writer_epoch, journal.highest_written,
    );
    let _ = write!(line, ", {}", journal.standing.word());
    if let Some(reason) = &journal.out_of_service {
        let _ = write!(line, ", OUT OF SERVICE: {reason}");
    }
    if let Some(Writer { address, epoch, since, last_request }) = journal.writer {
        let _ = write!(
            line,
            "\n  writer {address}, epoch {epoch}, for {:.0?}, last asked {:.1?} ago",
            age(since),
            age(last_request)
        );
    }
    if let Some(last) = journal.last_write {
        let _ = write!(line, "\n  last batch written {:.1?} ago", age(last));
    }
    if let Some(since) = journal.queued_since {
        let _ = write!(line, "\n  a request waits for its turn for {:.1?}", since.elapsed());
    }
    if let Some(running) = journal.running {
        let _ = write!(line, "\n  {} for {:.1?}", running.what, running.since.elapsed());
    }
    for (segment, damage) in &journal.damaged_segments {
        let _ = write!(line, "\n  DAMAGED {segment}: {}", damage.what);
    }
    if let Some(rejoin) = &journal.rejoin {
        let (segments, needed) = (rejoin.segments, rejoin.needed);
        let _ = write!(line, "\n  {segments} of {needed} segments; {}", rejoin.waiting_for);
    }
    line
}

/// By this machine's clock; nothing if it was set back.
fn age(at: SystemTime) -> Duration {
    SystemTime::now().duration_since(at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_131_the_dump_lists_this_thread() {
        let text = describe(Path::new("/proc/self/task"), &[]);
        assert!(text.starts_with("Process Thread Dump: "));
        assert!(text.contains("\nThread ") && text.contains("  State: "));
    }

    #[test]
    fn without_proc_there_is_still_an_answer() {
        let text = describe(Path::new("/nonexistent"), &[]);
        assert_eq!(text, "Process Thread Dump: \n0 active threads\n");
    }
}
