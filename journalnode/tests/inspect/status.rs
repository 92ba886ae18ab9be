use hadoop_proto::inspect::v1::{Standing, WatchRequest};

use super::inspected_node::{InspectedNode, soon};

#[tokio::test]
async fn a_node_without_journals_tells_of_itself() {
    let inspected = InspectedNode::start(&[("dfs.journalnode.scrub.interval", "1h")]);
    let status = inspected.status().await;
    assert!(status.version.starts_with("3.4.3, r"), "{status:?}");
    assert_eq!(status.rpc_address, inspected.node.rpc.to_string());
    assert_eq!(status.http_address, inspected.node.http.to_string());
    assert!(status.started_at_ms > 0 && status.uptime_ms < 60_000);
    assert!(status.journals.is_empty());
    let scrub = status.scrub.unwrap();
    assert_eq!((scrub.interval_ms, scrub.bytes_per_second), (Some(3_600_000), Some(8 << 20)));
    assert!(!scrub.requested_running);
}

#[tokio::test]
async fn a_journal_is_described_as_its_writer_left_it() {
    let mut inspected = InspectedNode::formatted(&[]);
    let fresh = inspected.journal().await;
    assert_eq!((fresh.last_txid, fresh.committed_txid, fresh.open_segment), (None, None, None));
    assert_eq!(fresh.standing(), Standing::AwaitingWriter);
    assert_eq!(fresh.last_write_at_ms, None);

    inspected.segment(1, 3);
    inspected.start_segment(4);
    inspected.write(4, 4, 2);
    let written = inspected.journal().await;
    let namespace = written.namespace.clone().unwrap();
    assert_eq!((namespace.namespace_id, namespace.cluster_id.as_str()), (12345, "CID-test"));
    assert_eq!((written.promised_epoch, written.writer_epoch), (1, 1));
    assert_eq!((written.open_segment, written.last_txid), (Some(4), Some(5)));
    assert_eq!((written.committed_txid, written.lag_txns), (Some(3), 0));
    assert_eq!((written.standing(), written.segments), (Standing::InStep, 2));
    assert!(written.last_write_at_ms.unwrap() > 1_700_000_000_000);
    assert!(written.free_bytes.unwrap() > 0);
    let counters = written.counters.unwrap();
    assert_eq!((counters.batches_written, counters.txns_written), (2, 5));
    assert!(written.directory.ends_with("/edits/j"), "{}", written.directory);
}

#[tokio::test]
async fn a_watcher_is_told_at_once_and_of_every_change_and_of_nothing_else() {
    let mut inspected = InspectedNode::formatted(&[]);
    let mut client = inspected.client().await;
    let request = WatchRequest { min_interval_ms: 100 };
    let mut answers = client.watch(request).await.unwrap();
    let first = soon(answers.message()).await.unwrap().unwrap();
    assert_eq!(first.journals[0].last_txid, None);

    inspected.start_segment(1);
    inspected.write(1, 1, 7);
    let mut seen = Vec::new();
    // What is told last is how it is, however many changes were told as one.
    while seen.last() != Some(&Some(7)) {
        let status = soon(answers.message()).await.unwrap().unwrap();
        seen.push(status.journals[0].last_txid);
        assert!(seen.len() <= 4, "told without a change: {seen:?}");
    }
}

#[tokio::test]
async fn a_watcher_cannot_ask_for_more_than_the_node_gives() {
    let inspected = InspectedNode::start(&[]);
    let mut client = inspected.client().await;
    let refused = client.watch(WatchRequest { min_interval_ms: 5 }).await.unwrap_err();
    assert!(refused.to_string().contains("must be 100 to 60000"), "{refused}");
}

#[tokio::test]
async fn watchers_end_with_the_node_and_do_not_hold_it_up() {
    let mut inspected = InspectedNode::formatted(&[]);
    let mut client = inspected.client().await;
    let mut answers = client.watch(WatchRequest::default()).await.unwrap();
    soon(answers.message()).await.unwrap().unwrap();
    inspected.node.signal(rustix::process::Signal::TERM);
    let ended = loop {
        match soon(answers.message()).await {
            Ok(Some(_)) => {}
            ended => break ended,
        }
    };
    let ended = ended.unwrap_err();
    assert_eq!(ended.code(), tonic::Code::Unavailable, "{ended}");
    assert_eq!(inspected.node.wait().status, Some(143));
}
