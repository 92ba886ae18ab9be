//! JN-051 … JN-056: formatting, and what can be asked of any journal.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

async fn is_formatted(served: &Served) -> bool {
    let answer: IsFormattedResponseProto =
        served.call("isFormatted", &requests::is_formatted(J)).await.unwrap();
    answer.is_formatted
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_051_053_format_makes_a_journal() {
    let served = Served::start().await;
    assert!(!is_formatted(&served).await);
    served.format().await;
    assert!(is_formatted(&served).await);
    let current = served.file("");
    assert_eq!(fs::metadata(&current).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(current.join("paxos").is_dir() && served.edits().join("j/in_use.lock").exists());
    let version = String::from_utf8(served.read("VERSION")).unwrap();
    for line in [
        "namespaceID=12345",
        "storageType=JOURNAL_NODE",
        "cTime=0",
        "clusterID=CID-test",
        "layoutVersion=-67",
    ] {
        assert!(version.lines().any(|found| found == line), "{version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_052_the_state_names_the_bound_http_port() {
    let served = Served::with_writer().await;
    let state: GetJournalStateResponseProto =
        served.call("getJournalState", &requests::journal_state(J)).await.unwrap();
    assert_eq!(state.last_promised_epoch, 1);
    assert_eq!(state.http_port, u32::from(served.http_port()));
    assert_eq!(state.from_url.unwrap(), format!("http://127.0.0.1:{}", served.http_port()));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_054_what_is_not_empty_is_not_formatted_without_force() {
    let served = Served::with_writer().await;
    let again = served.call::<FormatResponseProto>("format", &requests::format(J, false)).await;
    let text = "Can't format the storage directory because the current directory is not empty.";
    assert_refused(again, INCONSISTENT, text);
    // Java would have left the journal unlocked; here it goes on.
    assert!(served.edits().join("j/in_use.lock").exists());
    served.start_segment(1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_055_force_forgets_everything() {
    let served = Served::with_writer_and(&[("dfs.ha.tail-edits.in-progress", "true")]).await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    served.heartbeat(served.info_committed(3)).await.unwrap();
    served.call::<FormatResponseProto>("format", &requests::format(J, true)).await.unwrap();
    assert!(served.segments().is_empty());
    assert_eq!(served.promised().await, 0);
    assert_eq!(served.new_epoch(1).await.unwrap(), None);
    assert_eq!(served.prepare(1).await.unwrap().last_committed_tx_id, None);
    assert_refused(served.write(1, 4, 1).await, IO, "is not the current writer epoch");
    let edits: GetJournaledEditsResponseProto =
        served.call("getJournaledEdits", &requests::journaled_edits(J, 1, 9)).await.unwrap();
    assert_eq!(edits.txn_count, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_056_a_namespace_without_an_id_formats_nothing() {
    let served = Served::start().await;
    let mut format = requests::format(J, true);
    format.ns_info.storage_info.namespce_id = 0;
    let answer = served.call::<FormatResponseProto>("format", &format).await;
    assert_refused(answer, ILLEGAL_STATE, "");
    assert!(!served.edits().join(J).exists());
}
