//! JN-106 … JN-109: upgrade, finalize, roll back.

use std::fs;

use hadoop_ipc::client::ClientError;
use hadoop_proto::hdfs::StorageInfoProto;
use hadoop_proto::qjournal::*;

use super::served::*;
use super::support::requests;

async fn pre_upgrade(served: &Served) -> Result<(), ClientError> {
    let request = DoPreUpgradeRequestProto { jid: requests::jid(J) };
    served.call::<DoPreUpgradeResponseProto>("doPreUpgrade", &request).await.map(drop)
}

async fn upgrade(served: &Served) -> Result<(), ClientError> {
    let s_info =
        StorageInfoProto { layout_version: -68_i32 as u32, c_time: 77, ..requests::storage() };
    let request = DoUpgradeRequestProto { jid: requests::jid(J), s_info };
    served.call::<DoUpgradeResponseProto>("doUpgrade", &request).await.map(drop)
}

async fn finalize(served: &Served) -> Result<(), ClientError> {
    let request = DoFinalizeRequestProto { jid: requests::jid(J), name_service_id: None };
    served.call::<DoFinalizeResponseProto>("doFinalize", &request).await.map(drop)
}

async fn roll_back(served: &Served) -> Result<(), ClientError> {
    let request = DoRollbackRequestProto { jid: requests::jid(J), nameservice_id: None };
    served.call::<DoRollbackResponseProto>("doRollback", &request).await.map(drop)
}

async fn can_roll_back(
    served: &Served,
    cluster_id: &str,
    target_layout_version: i32,
) -> Result<bool, ClientError> {
    let storage = StorageInfoProto { cluster_id: cluster_id.to_owned(), ..requests::storage() };
    let request = CanRollBackRequestProto {
        jid: requests::jid(J),
        storage: storage.clone(),
        prev_storage: storage,
        target_layout_version,
        name_service_id: None,
    };
    let answer: CanRollBackResponseProto = served.call("canRollBack", &request).await?;
    Ok(answer.can_roll_back)
}

async fn c_time(served: &Served) -> Result<i64, ClientError> {
    let request = GetJournalCTimeRequestProto { jid: requests::jid(J), name_service_id: None };
    let answer: GetJournalCTimeResponseProto = served.call("getJournalCTime", &request).await?;
    Ok(answer.result_c_time)
}

fn journal_directory(served: &Served) -> Vec<String> {
    names(&served.edits().join(J))
}

async fn with_a_segment() -> Served {
    let served = Served::with_writer().await;
    served.segment(1, 3).await;
    served
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_106_an_upgrade_keeps_the_edits_and_what_was() {
    let served = with_a_segment().await;
    assert_refused(upgrade(&served).await, ILLEGAL_STATE, "");
    pre_upgrade(&served).await.unwrap();
    assert_eq!(journal_directory(&served), ["current", "in_use.lock", "previous.tmp"]);
    assert_eq!(served.segments(), [finalized(1, 3)]);
    assert_refused(pre_upgrade(&served).await, ILLEGAL_STATE, "");
    upgrade(&served).await.unwrap();
    assert_eq!(journal_directory(&served), ["current", "in_use.lock", "previous"]);
    assert_eq!(c_time(&served).await.unwrap(), 77);
    assert_eq!(served.promised().await, 1);
    assert!(served.file("paxos").is_dir());
    assert_refused(pre_upgrade(&served).await, ILLEGAL_STATE, "");

    finalize(&served).await.unwrap();
    assert_eq!(journal_directory(&served), ["current", "in_use.lock"]);
    served.segment(4, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_106_a_rollback_brings_back_what_was() {
    let mut served = with_a_segment().await;
    pre_upgrade(&served).await.unwrap();
    upgrade(&served).await.unwrap();
    served.segment(4, 5).await;
    roll_back(&served).await.unwrap();
    assert_eq!(journal_directory(&served), ["current", "in_use.lock"]);
    assert_eq!(served.segments(), [finalized(1, 3)]);
    assert_eq!(c_time(&served).await.unwrap(), 0);
    served.restart().await;
    assert_eq!(served.promised().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_107_without_a_previous_there_is_nothing_to_do() {
    let served = with_a_segment().await;
    finalize(&served).await.unwrap();
    roll_back(&served).await.unwrap();
    assert_eq!(served.segments(), [finalized(1, 3)]);
    let unformatted = Served::start().await;
    finalize(&unformatted).await.unwrap();
    roll_back(&unformatted).await.unwrap();
    assert!(!unformatted.edits().join(J).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_108_a_rollback_needs_something_that_fits() {
    let served = with_a_segment().await;
    assert!(!can_roll_back(&served, requests::CLUSTER_ID, -67).await.unwrap());
    let text = "cluster Id is incompatible with others.";
    assert_refused(can_roll_back(&served, "CID-other", -67).await, INCONSISTENT, text);
    pre_upgrade(&served).await.unwrap();
    upgrade(&served).await.unwrap();
    assert!(can_roll_back(&served, requests::CLUSTER_ID, -67).await.unwrap());
    assert_refused(can_roll_back(&served, "CID-other", -67).await, INCONSISTENT, text);
    let other_version = can_roll_back(&served, requests::CLUSTER_ID, -66).await;
    assert_refused(other_version, IO, "Cannot rollback to storage version -67");
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_109_the_creation_time_is_read_from_the_disk() {
    let served = Served::start().await;
    let missing = "java.io.FileNotFoundException";
    assert_refused(c_time(&served).await, missing, "VERSION");
    served.format().await;
    let version = String::from_utf8(served.read("VERSION")).unwrap();
    fs::write(served.file("VERSION"), version.replace("cTime=0", "cTime=5")).unwrap();
    assert_eq!(c_time(&served).await.unwrap(), 5);
    fs::remove_file(served.file("VERSION")).unwrap();
    assert_refused(c_time(&served).await, missing, "VERSION");
}
