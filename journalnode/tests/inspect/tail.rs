use hadoop_proto::inspect::v1::{TailRequest, TailResponse, Transaction};
use tonic::{Code, Status, Streaming};

use super::inspected_node::{InspectedNode, J, soon};
use super::support::requests;

fn from(since: Option<i64>) -> TailRequest {
    TailRequest { journal: J.to_owned(), since_txid: since, with_bytes: false, or_oldest: false }
}

async fn tail(inspected: &InspectedNode, request: TailRequest) -> Streaming<TailResponse> {
    inspected.client().await.tail(request).await.unwrap()
}

/// The next transactions, `count` of them.
async fn next(answers: &mut Streaming<TailResponse>, count: usize) -> Vec<Transaction> {
    let mut transactions = Vec::new();
    while transactions.len() < count {
        let answer = soon(answers.message()).await.unwrap().unwrap();
        assert!(answer.transactions.iter().all(|one| one.txid <= answer.committed_txid));
        transactions.extend(answer.transactions);
    }
    assert_eq!(transactions.len(), count);
    transactions
}

fn txids(transactions: &[Transaction]) -> Vec<i64> {
    transactions.iter().map(|transaction| transaction.txid).collect()
}

#[tokio::test]
async fn what_is_committed_is_pushed_and_what_is_not_is_not() {
    for caching in ["true", "false"] {
        let mut inspected = InspectedNode::formatted(&[("dfs.ha.tail-edits.in-progress", caching)]);
        inspected.segment(1, 3);
        inspected.start_segment(4);
        inspected.write(4, 4, 5);
        let mut answers = tail(&inspected, from(Some(1))).await;
        let first = next(&mut answers, 3).await;
        assert_eq!(txids(&first), [1, 2, 3]);
        // 4 to 8 are written; this says that 6 is committed.
        inspected.commit(4, 6);
        assert_eq!(txids(&next(&mut answers, 3).await), [4, 5, 6]);
        inspected.write(4, 9, 2);
        assert_eq!(txids(&next(&mut answers, 2).await), [7, 8]);
    }
}

#[tokio::test]
async fn it_goes_on_from_one_segment_to_the_next() {
    let mut inspected = InspectedNode::formatted(&[]);
    let mut answers = tail(&inspected, from(None)).await;
    inspected.segment(1, 3);
    inspected.segment(4, 6);
    let transactions = next(&mut answers, 6).await;
    assert_eq!(txids(&transactions), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_transaction_is_described_and_its_bytes_come_if_asked_for() {
    let mut inspected = InspectedNode::formatted(&[]);
    inspected.segment(1, 3);
    let records = requests::records(1, 3);
    let mut with_bytes = tail(&inspected, TailRequest { with_bytes: true, ..from(Some(1)) }).await;
    let transactions = next(&mut with_bytes, 3).await;
    let bytes: Vec<_> = transactions.iter().map(|one| one.operation.clone()).collect();
    assert_eq!(bytes.concat(), records);
    for one in &transactions {
        assert_eq!((one.opcode, one.segment), (3, Some(1)));
        assert_eq!(one.length_bytes as usize, one.operation.len());
        let checksum = one.operation.last_chunk::<4>().unwrap();
        assert_eq!(one.checksum, u32::from_be_bytes(*checksum));
    }
    let mut without = tail(&inspected, from(Some(2))).await;
    assert!(next(&mut without, 2).await.iter().all(|one| one.operation.is_empty()));
}

#[tokio::test]
async fn what_was_purged_is_not_found_or_left_out_as_asked_for() {
    let mut inspected = InspectedNode::formatted(&[]);
    inspected.segment(1, 3);
    inspected.segment(4, 6);
    let purge = hadoop_proto::qjournal::PurgeLogsRequestProto {
        req_info: requests::info(J, 1, 1000),
        min_tx_id_to_keep: 4,
    };
    inspected.send("purgeLogs", &purge);
    let mut oldest = tail(&inspected, TailRequest { or_oldest: true, ..from(Some(1)) }).await;
    assert_eq!(txids(&next(&mut oldest, 3).await), [4, 5, 6]);
    let refused: Status = soon(tail(&inspected, from(Some(1))).await.message()).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound, "{refused}");
    assert!(refused.message().contains("the oldest is 4"), "{refused}");
}

#[tokio::test]
async fn a_reader_that_stops_reading_holds_up_no_writer() {
    let mut inspected = InspectedNode::formatted(&[]);
    let mut answers = tail(&inspected, TailRequest { with_bytes: true, ..from(Some(1)) }).await;
    // Far more than all buffers between the file and the reader take.
    const ROUNDS: u64 = 60;
    const EACH: u64 = 10_000;
    inspected.start_segment(1);
    for round in 0..ROUNDS {
        inspected.write(1, round * EACH + 1, EACH as u32);
    }
    inspected.commit(1, ROUNDS * EACH);
    let mut expected = 1;
    while expected <= (ROUNDS * EACH) as i64 {
        let answer = soon(answers.message()).await.unwrap().unwrap();
        for one in answer.transactions {
            assert_eq!(one.txid, expected);
            expected += 1;
        }
    }
}

#[tokio::test]
async fn a_bad_beginning_and_an_unknown_journal_are_refused() {
    let inspected = InspectedNode::formatted(&[]);
    let mut client = inspected.client().await;
    let refused = client.tail(from(Some(0))).await.unwrap_err().to_string();
    assert!(refused.contains("the first transaction is 1"), "{refused}");
    let other = TailRequest { journal: "other".to_owned(), ..from(None) };
    let refused = client.tail(other).await.unwrap_err().to_string();
    assert!(refused.contains("\"other\": it is not formatted"), "{refused}");
}
