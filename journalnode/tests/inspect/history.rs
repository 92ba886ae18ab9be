use hadoop_proto::inspect::v1::{HistoryEvent, HistoryRequest};

use super::inspected_node::{InspectedNode, J, soon};

async fn history(inspected: &InspectedNode, after_seq: Option<u64>) -> Vec<HistoryEvent> {
    let request = HistoryRequest { journal: J.to_owned(), after_seq, limit: 0 };
    inspected.client().await.history(request).await.unwrap().events
}

/// Events are written behind the journal's back; that the index was built is one too.
async fn until_it_has(inspected: &InspectedNode, what: &str) -> Vec<HistoryEvent> {
    soon(async {
        loop {
            let events = history(inspected, None).await;
            if events.iter().any(|event| event.what == what) {
                return events;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn epochs_and_segments_are_told_with_times_and_peers() {
    let mut inspected = InspectedNode::formatted(&[]);
    inspected.segment(1, 3);
    let events = until_it_has(&inspected, "segment-finalized").await;
    let event = |what: &str| events.iter().find(|event| event.what == what).unwrap();
    assert!(event("formatted").note.as_ref().unwrap().contains("CID-test"));
    assert_eq!(event("promised").epoch, Some(1));
    assert!(event("promised").peer.as_ref().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(event("writer-epoch").epoch, Some(1));
    assert_eq!(event("segment-started").first_txid, Some(1));
    let finalized = event("segment-finalized");
    assert_eq!((finalized.first_txid, finalized.last_txid), (Some(1), Some(3)));
    assert!(events.windows(2).all(|two| two[0].seq < two[1].seq && two[0].at_ms <= two[1].at_ms));

    let promised = event("promised").seq;
    let later = history(&inspected, Some(promised)).await;
    assert!(later.iter().all(|event| event.seq > promised));
    assert!(later.contains(finalized), "{later:?}");
}
