//! What the scrub knows of a segment outlives the process.

use std::fs;
use std::time::{Duration, SystemTime};

use super::followed_node::{FollowedNode, Place, Writer, finished, id, until};

/// No checksum covers the header: only the digest of when the segment was good tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_bit_of_the_header_that_flipped_while_the_process_was_away_is_found() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    node.writer().await.segment(1, 3).await;
    // What is recorded before the format was taken down is forgotten again.
    node.until_indexed(1).await;
    let scrub = node.scrub();
    let checked = || {
        let record = node.index().segment_record(&id(), finished(1, 3));
        record.is_some_and(|record| record.checked_at > SystemTime::UNIX_EPOCH)
    };
    until("it is recorded", checked).await;
    drop(scrub);
    node.stop().await;
    let file = place.segment(finished(1, 3));
    let mut content = fs::read(&file).unwrap();
    // From layout -67 to -66, which is as good.
    content[3] ^= 3;
    fs::write(&file, content).unwrap();

    let node = FollowedNode::start(&place);
    let journal = node.journal().await;
    let _scrub = node.scrub();
    let damaged = || !journal.status().damaged_segments.is_empty();
    until("it is found", damaged).await;
    let (segment, damage) = journal.status().damaged_segments.remove(0);
    assert_eq!(segment, finished(1, 3));
    assert!(damage.what.contains("every checksum is good"), "{}", damage.what);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_checked_lately_is_not_read_again_after_a_restart() {
    let place = Place::new();
    let node = FollowedNode::start(&place);
    node.writer().await.segment(1, 3).await;
    // What is recorded before the format was taken down is forgotten again.
    node.until_indexed(1).await;
    let scrub = node.scrub();
    let at = |node: &FollowedNode| {
        node.index().segment_record(&id(), finished(1, 3)).map(|record| record.checked_at)
    };
    until("it is checked", || at(&node).is_some_and(|at| at > SystemTime::UNIX_EPOCH)).await;
    drop(scrub);
    node.stop().await;

    let node = FollowedNode::start(&place);
    node.until_ready().await;
    let journal = node.journal().await;
    // The second segment is new, and is checked behind the first.
    Writer::again(journal.clone(), 2).await.segment(4, 6).await;
    node.until_indexed(2).await;
    let _scrub = node.scrub_every(Duration::from_secs(3600));
    let second = || {
        let record = node.index().segment_record(&id(), finished(4, 6));
        record.is_some_and(|record| record.checked_at > SystemTime::UNIX_EPOCH)
    };
    until("the second one is checked", second).await;
    assert_eq!(journal.scrub_metrics().segments_checked(), 1);
    node.stop().await;
}
