//! JN-088 … JN-094: `acceptRecovery`, with a peer that answers well, badly or not at all.
//! JN-025: readers do not wait for it.

use std::time::Duration;

use hadoop_proto::qjournal::*;
use md5::{Digest, Md5};

use super::peer::{Peer, answer, segment_answer};
use super::served::*;
use super::support::requests;

const HEADER: [u8; 8] = [0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
const HTTP_FAILED: &str = "org.apache.hadoop.hdfs.server.common.HttpGetFailedException";
/// Far below the patience of a fetch.
const SOON: Duration = Duration::from_secs(10);

/// A segment of these transactions, as a peer has it.
fn segment(first: u64, last: u64) -> Vec<u8> {
    [&HEADER[..], &requests::records(first, (last - first + 1) as u32)].concat()
}

/// Transactions 1 to 3 are written, and a new writer recovers them in epoch 2.
async fn recovering() -> Served {
    recovering_with(&[]).await
}

async fn recovering_with(settings: &[(&str, &str)]) -> Served {
    let served = Served::with_writer_and(settings).await;
    served.start_segment(1).await.unwrap();
    served.write(1, 1, 3).await.unwrap();
    served.new_epoch(2).await.unwrap();
    served
}

/// Nothing of a recovery that failed is left.
async fn assert_unchanged(served: &Served) {
    assert_eq!(served.segments(), [in_progress(1)]);
    assert!(names(&served.file("paxos")).is_empty());
    let prepared = served.prepare(1).await.unwrap();
    assert_eq!(prepared.segment_state.unwrap().end_tx_id, 3);
    assert_eq!(prepared.accepted_in_epoch, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_088_an_equal_length_needs_no_network() {
    let served = recovering().await;
    served.accept((1, 3), &Peer::absent().await).await.unwrap();
    // The message, then the same as text.
    let record = [0x0a, 0x0a, 6, 0x08, 1, 0x10, 3, 0x18, 1, 0x10, 2];
    assert_eq!(served.read("paxos/1")[..record.len()], record);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_089_a_longer_segment_is_fetched_and_takes_the_place() {
    let served = recovering().await;
    let peer = Peer::answering(segment_answer(&segment(1, 5))).await;
    served.accept((1, 5), &peer.url).await.unwrap();
    assert_eq!(served.segments(), [in_progress(1)]);
    assert_eq!(served.read(&in_progress(1)), segment(1, 5));
    assert_eq!(served.prepare(1).await.unwrap().accepted_in_epoch, Some(2));
    served.finalize(1, 5).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_089_a_segment_that_is_missing_is_fetched_with_its_padding() {
    let served = Served::with_writer().await;
    let mut padded = segment(1, 3);
    padded.resize(1 << 20, 0xff);
    let peer = Peer::answering(segment_answer(&padded)).await;
    served.accept((1, 3), &peer.url).await.unwrap();
    assert!(served.read(&in_progress(1)) == padded);
    served.finalize(1, 3).await.unwrap();
}

/// What is kept back is kept for the writer, and without the recovery there is none.
#[tokio::test(flavor = "multi_thread")]
async fn jn_089_the_reserve_of_free_space_does_not_hold_up_a_recovery() {
    let reserve = ("dfs.journalnode.free-space.reserve.bytes", "1000000g");
    let served = Served::with_writer_and(&[reserve]).await;
    let refused = served.start_segment(1).await;
    assert_refused(refused, IO, "dfs.journalnode.free-space.reserve.bytes");
    let peer = Peer::answering(segment_answer(&segment(1, 3))).await;
    served.accept((1, 3), &peer.url).await.unwrap();
    served.finalize(1, 3).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_089_a_shorter_segment_replaces_what_was_not_committed() {
    let served = recovering().await;
    let peer = Peer::answering(segment_answer(&segment(1, 2))).await;
    served.accept((1, 2), &peer.url).await.unwrap();
    served.finalize(1, 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_090_a_peer_that_refuses_changes_nothing() {
    for status in ["404 Not Found", "403 Forbidden", "500 Server Error", "204 No Content"] {
        let served = recovering().await;
        let peer = Peer::answering(answer(status, &[("Content-Length", "0")], b"")).await;
        let code = format!("failed with status code {}", &status[..3]);
        assert_refused(served.accept((1, 5), &peer.url).await, HTTP_FAILED, &code);
        assert_unchanged(&served).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_090_a_peer_that_is_away_changes_nothing() {
    let served = recovering().await;
    let absent = Peer::absent().await;
    assert_refused(served.accept((1, 5), &absent).await, "java.net.ConnectException", "refused");
    assert_unchanged(&served).await;
}

/// JN-091, and more: Java would take another segment.
#[tokio::test(flavor = "multi_thread")]
async fn jn_091_a_body_that_is_not_the_segment_changes_nothing() {
    let body = segment(1, 5);
    let length = body.len().to_string();
    let longer = (body.len() + 1).to_string();
    let length = ("Content-Length", length.as_str());
    let md5 = ("X-MD5-Digest", "00000000000000000000000000000000");
    for (what, bytes, text) in [
        ("short", answer("200 OK", &[("Content-Length", &longer)], &body), "received length"),
        ("no length", answer("200 OK", &[], &body), "Content-Length"),
        (
            "chunked",
            answer("200 OK", &[("Transfer-Encoding", "chunked")], b"1\r\nx\r\n0\r\n\r\n"),
            "Content-Length",
        ),
        ("digest", answer("200 OK", &[length, md5], &body), "digest"),
        ("other segment", segment_answer(&segment(1, 4)), "instead of 5"),
        ("header only", segment_answer(&HEADER), "instead of 5"),
        ("junk", segment_answer(&[0xff; 100]), "instead of 5"),
        ("nothing", segment_answer(b""), ""),
    ] {
        let served = recovering().await;
        let peer = Peer::answering(bytes).await;
        let answer = served.accept((1, 5), &peer.url).await;
        println!("{what}");
        assert_refused(answer, IO, text);
        assert_unchanged(&served).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_091_a_digest_that_fits_is_accepted() {
    let served = recovering().await;
    let body = segment(1, 5);
    let digest = Md5::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let length = body.len().to_string();
    let headers = [("Content-Length", length.as_str()), ("X-MD5-Digest", &digest)];
    let peer = Peer::answering(answer("200 OK", &headers, &body)).await;
    served.accept((1, 5), &peer.url).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_091_what_is_no_http_is_refused() {
    for junk in [&b""[..], b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", &[0xff; 64]] {
        let served = recovering().await;
        let peer = Peer::answering(junk.to_vec()).await;
        assert!(served.accept((1, 5), &peer.url).await.is_err());
        assert_unchanged(&served).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_092_bad_arguments() {
    let served = recovering().await;
    let malformed = "java.net.MalformedURLException";
    for url in ["", "no-url", "nothing://x/"] {
        assert_refused(served.accept((1, 5), url).await, malformed, "");
    }
    let url = "http://127.0.0.1:1/";
    assert_refused(served.accept((1, 0), url).await, ILLEGAL_ARGUMENT, "");
    assert_refused(served.accept((4, 3), url).await, ILLEGAL_ARGUMENT, "");
    assert_unchanged(&served).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_093_what_is_finalized_or_committed_is_not_replaced() {
    let served = recovering().await;
    served.heartbeat(served.info_committed(3)).await.unwrap();
    let url = "http://127.0.0.1:1/";
    let text = "would discard already-committed txn 3";
    assert_refused(served.accept((1, 2), url).await, ASSERTION, text);
    served.accept((1, 3), url).await.unwrap();
    served.finalize(1, 3).await.unwrap();
    let text = "on top of an already-finalized segment";
    assert_refused(served.accept((1, 5), url).await, ASSERTION, text);
    assert_eq!(served.segments(), [finalized(1, 3)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_094_an_older_writer_cannot_accept_any_more() {
    let served = recovering().await;
    let old = served.info();
    let url = "http://127.0.0.1:1/";
    // Without this one, epoch 2 might have written the segment anew elsewhere.
    served.accept((1, 3), url).await.unwrap();
    served.new_epoch(3).await.unwrap();
    served.accept((1, 3), url).await.unwrap();
    let late = requests::accept(old, (1, 3), url);
    let answer = served.call::<AcceptRecoveryResponseProto>("acceptRecovery", &late).await;
    assert_refused(answer, IO, "epoch 2 is less than the last promised epoch 3");
    assert_eq!(served.prepare(1).await.unwrap().accepted_in_epoch, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_025_readers_do_not_wait_for_a_recovery_that_hangs() {
    let served = recovering_with(&[("dfs.ha.tail-edits.in-progress", "true")]).await;
    let mut peer = Peer::hanging().await;
    let url = peer.url.clone();
    let hanging = served.accept((1, 5), &url);
    let reading = async {
        (&mut peer.asked).await.unwrap();
        let manifest = requests::manifest(J, 1, true);
        let manifest: GetEditLogManifestResponseProto =
            served.call("getEditLogManifest", &manifest).await.unwrap();
        assert_eq!(manifest.manifest.logs.len(), 1);
        let edits: GetJournaledEditsResponseProto =
            served.call("getJournaledEdits", &requests::journaled_edits(J, 1, 9)).await.unwrap();
        assert_eq!(edits.txn_count, 3);
    };
    tokio::select! {
        _ = hanging => panic!("it should hang"),
        read = tokio::time::timeout(SOON, reading) => read.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_falls_silent_is_given_up() {
    let served = recovering_with(&[("dfs.image.transfer.timeout", "100")]).await;
    let peer = Peer::hanging().await;
    let answer = served.accept((1, 5), &peer.url).await;
    assert_refused(answer, "java.net.SocketTimeoutException", "dfs.image.transfer.timeout");
    assert_unchanged(&served).await;
}
