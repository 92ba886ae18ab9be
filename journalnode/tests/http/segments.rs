use std::time::{Duration, Instant};

use journalnode::http::HttpOptions;
use tokio::io::AsyncReadExt;

use crate::client::{get, receive, request, send};
use crate::daemon::{CLUSTER, Daemon, NAMESPACE, Writer};

const FINALIZED: &str = "edits_0000000000000000001-0000000000000000003";

fn path(jid: &str, first: &str, more: &str) -> String {
    let storage = format!("-67%3A{NAMESPACE}%3A1795397546541%3A{CLUSTER}");
    format!("/getJournal?jid={jid}&segmentTxId={first}&storageInfo={storage}{more}")
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_123_a_segment_comes_as_the_bytes_of_its_file() {
    let daemon = Daemon::start().await;
    let journal = daemon.filled("j1").await;
    let answer = get(daemon.address, &path("j1", "1", "")).await;
    assert_eq!(answer.status, 200);
    let file = journal.status().directory.join("current").join(FINALIZED);
    assert_eq!(answer.body, std::fs::read(file).unwrap());
    let length = answer.body.len().to_string();
    for (name, value) in [
        ("Content-Length", length.as_str()),
        ("Content-Type", "text/plain;charset=utf-8"),
        ("Content-Disposition", &format!("attachment; filename={FINALIZED}")),
        ("X-Image-Edits-Name", FINALIZED),
        ("Cache-Control", "no-cache"),
        ("Pragma", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-XSS-Protection", "1; mode=block"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(answer.header("Expires").is_some() && answer.header("X-MD5-Digest").is_none());
    assert!(answer.header("Transfer-Encoding").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_123_jn_126_a_segment_in_progress_comes_with_its_padding_if_allowed() {
    let daemon = Daemon::start().await;
    let journal = daemon.filled("j1").await;
    let file = journal.status().directory.join("current/edits_inprogress_0000000000000000004");
    for allowed in ["", "&inProgressOk=true", "&inProgressOk=maybe"] {
        let answer = get(daemon.address, &path("j1", "4", allowed)).await;
        assert_eq!(answer.body, std::fs::read(&file).unwrap(), "{allowed}");
        assert_eq!(answer.body.last(), Some(&0xff));
    }
    let refused = get(daemon.address, &path("j1", "4", "&inProgressOk=False")).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_124_another_namespace_is_forbidden_before_the_txid_is_read() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    let wrong = "/getJournal?jid=j1&segmentTxId=x&storageInfo=-67%3A1%3A0%3ACID-wrong";
    let answer = get(daemon.address, wrong).await;
    assert_eq!(answer.status, 403);
    let message = format!(
        "This node has namespaceId &apos;{NAMESPACE} and clusterId &apos;{CLUSTER}&apos; but the \
         requesting node expected &apos;1&apos; and &apos;CID-wrong&apos;"
    );
    assert!(answer.text().contains(&format!("<title>Error 403 {message}</title>")));
    assert_eq!(answer.header("Cache-Control"), Some("must-revalidate,no-cache,no-store"));
    assert_eq!(answer.header("Content-Type"), Some("text/html;charset=iso-8859-1"));

    let other_versions = format!("storageInfo=-1%3A{NAMESPACE}%3A0%3A{CLUSTER}");
    for storage in ["", &other_versions] {
        let path = format!("/getJournal?jid=j1&segmentTxId=1&{storage}");
        assert_eq!(get(daemon.address, &path).await.status, 200, "{storage}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_125_what_is_not_there_and_what_is_wrong() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    let absent = get(daemon.address, &path("j1", "99999999", "")).await;
    assert_eq!((absent.status, absent.body.len()), (404, 478));
    assert!(absent.text().contains("No edit log found starting at txid 99999999"));
    for (wrong, text) in [
        ("/getJournal", "bad journal id: null"),
        ("/getJournal?jid=", "bad journal id: "),
        ("/getJournal?jid=..%2Fx&segmentTxId=1", "bad journal id: ../x"),
        ("/getJournal?jid=j1", "java.io.IOException: Invalid request has no segmentTxId parameter"),
        ("/getJournal?jid=j1&segmentTxId=one", "For input string: &quot;one&quot;"),
        ("/getJournal?jid=j1&segmentTxId=1&storageInfo=1", "ArrayIndexOutOfBounds"),
        ("/getJournal?jid=new&segmentTxId=1", "Invalid directory or I/O error occurred for dir"),
    ] {
        let answer = get(daemon.address, wrong).await;
        assert_eq!(answer.status, 500, "{wrong}");
        assert!(answer.text().contains("<title>Error 500 getedit failed. "), "{wrong}");
        assert!(answer.text().contains(text), "{wrong}: {}", answer.text());
    }
    let unformatted = get(daemon.address, &path("new", "1", "")).await;
    assert_eq!(unformatted.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_125_head_sends_the_headers_only_and_post_is_not_allowed() {
    let daemon = Daemon::start().await;
    daemon.filled("j1").await;
    let (whole, path) = (get(daemon.address, &path("j1", "1", "")).await, path("j1", "1", ""));
    let head = request(daemon.address, "HEAD", &path).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("Content-Length"), whole.header("Content-Length"));
    assert_eq!(head.header("X-Image-Edits-Name"), Some(FINALIZED));
    assert_eq!(request(daemon.address, "POST", &path).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_127_a_growing_segment_is_sent_as_long_as_it_was() {
    // More than sockets hold: the rest is read after the file has changed.
    const BATCH: usize = 24 << 20;
    let daemon = Daemon::start().await;
    let journal = daemon.formatted("j1").await;
    let mut writer = Writer::new(&journal);
    writer.start(1).await;
    writer.write(1, 1, &vec![0x11; BATCH]).await;

    let mut stream = send(daemon.address, "GET", &path("j1", "1", ""), "").await;
    stream.peek(&mut [0]).await.unwrap();
    writer.write(2, 1, &vec![0x22; 4 << 20]).await;
    writer.finalize(1, 2).await;

    let mut first = [0; 1];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(first, *b"H");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    let head_end = rest.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(rest[..head_end].to_vec()).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let body = &rest[head_end + 4..];
    assert_eq!(body.len().to_string(), length);
    assert!(body[8..8 + BATCH].iter().all(|byte| *byte == 0x11));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_127_a_segment_closed_meanwhile_keeps_the_padding_that_was_promised() {
    const BATCH: usize = 24 << 20;
    let daemon = Daemon::start().await;
    let journal = daemon.formatted("j1").await;
    let mut writer = Writer::new(&journal);
    writer.start(1).await;
    writer.write(1, 1, &vec![0x11; BATCH]).await;
    let stream = send(daemon.address, "GET", &path("j1", "1", ""), "").await;
    stream.peek(&mut [0]).await.unwrap();
    writer.finalize(1, 1).await;
    let answer = receive(stream).await;
    assert_eq!(answer.header("Content-Length"), Some(answer.body.len().to_string().as_str()));
    assert!(answer.body.len() > 8 + BATCH);
    assert!(answer.body[8 + BATCH..].iter().all(|byte| *byte == 0xff));
}

#[tokio::test(flavor = "multi_thread")]
async fn jn_128_a_transfer_is_as_slow_as_its_bandwidth_says() {
    // One period's share, so the transfer ends with that period: after half a second.
    let bandwidth = Some(2 << 20);
    let daemon = Daemon::start_throttled(HttpOptions::default(), &[], bandwidth).await;
    daemon.filled("j1").await;
    let start = Instant::now();
    let answer = get(daemon.address, &path("j1", "4", "")).await;
    assert_eq!((answer.status, answer.body.len()), (200, 1 << 20));
    assert!(start.elapsed() >= Duration::from_millis(450), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_does_not_keep_the_file() {
    let daemon = Daemon::start().await;
    let journal = daemon.formatted("j1").await;
    let mut writer = Writer::new(&journal);
    writer.start(1).await;
    writer.write(1, 1, &vec![0x11; 24 << 20]).await;
    for _ in 0..100 {
        let stream = send(daemon.address, "GET", &path("j1", "1", ""), "").await;
        stream.peek(&mut [0]).await.unwrap();
    }
    // More than the transfers that may run at once have been left: their turns are free again.
    let answer = get(daemon.address, &path("j1", "1", "")).await;
    assert_eq!(answer.status, 200);
    let mut writer = Writer::resume(&journal, 1, 10);
    writer.write(2, 1, &[0x22; 10]).await;
}
