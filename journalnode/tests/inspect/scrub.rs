use std::fs;

use hadoop_proto::inspect::v1::scrub_finding::Verdict;
use hadoop_proto::inspect::v1::scrub_response::Event;
use hadoop_proto::inspect::v1::{ScrubRequest, ScrubResponse};
use journalnode::inspect::InspectClient;
use tonic::Streaming;

use super::inspected_node::{InspectedNode, J, soon};

const NEVER: (&str, &str) = ("dfs.journalnode.scrub.interval", "0");
const FIRST: &str = "edits_0000000000000000001-0000000000000000003";

async fn scrub(client: &mut InspectClient, request: ScrubRequest) -> Streaming<ScrubResponse> {
    client.scrub(request).await.unwrap()
}

async fn events(client: &mut InspectClient, request: ScrubRequest) -> Vec<Event> {
    let mut answers = scrub(client, request).await;
    let mut events = Vec::new();
    while let Some(answer) = soon(answers.message()).await.unwrap() {
        events.push(answer.event.unwrap());
    }
    events
}

fn two_segments(settings: &[(&str, &str)]) -> InspectedNode {
    let mut inspected = InspectedNode::formatted(settings);
    inspected.segment(1, 3);
    inspected.segment(4, 6);
    inspected
}

#[tokio::test]
async fn good_segments_are_read_to_their_end() {
    let inspected = two_segments(&[NEVER]);
    let mut client = inspected.client().await;
    let bytes: u64 =
        ["0000000000000000001-0000000000000000003", "0000000000000000004-0000000000000000006"]
            .iter()
            .map(|name| fs::metadata(inspected.config.current(J).join(format!("edits_{name}"))))
            .map(|file| file.unwrap().len())
            .sum();
    for journal in [None, Some(J.to_owned())] {
        let events = events(&mut client, ScrubRequest { journal, unpaced: false }).await;
        let [.., Event::Progress(progress), Event::Summary(summary)] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!((progress.segments, progress.segments_to_check), (2, 2));
        assert_eq!((summary.segments, summary.bytes, summary.damaged), (2, bytes, 0));
    }
    let counters = inspected.journal().await.counters.unwrap();
    assert_eq!((counters.segments_scrubbed, counters.bytes_scrubbed), (4, 2 * bytes));
}

#[tokio::test]
async fn a_flipped_bit_is_found_and_shown_in_the_status() {
    let inspected = two_segments(&[NEVER]);
    let path = inspected.config.current(J).join(FIRST);
    let mut content = fs::read(&path).unwrap();
    content[20] ^= 1;
    fs::write(&path, content).unwrap();
    let mut client = inspected.client().await;
    let events = events(&mut client, ScrubRequest { journal: None, unpaced: true }).await;
    let found: Vec<_> = events
        .iter()
        .filter_map(|event| if let Event::Finding(found) = event { Some(found) } else { None })
        .collect();
    let [found] = found[..] else { panic!("{events:?}") };
    assert_eq!((found.journal.as_str(), found.first_txid, found.last_txid), (J, 1, 3));
    assert_eq!(found.verdict(), Verdict::Damaged);
    // It has no peers.
    assert!(found.not_healed.as_ref().unwrap().contains("no other JournalNode"), "{found:?}");
    let Some(Event::Summary(summary)) = events.last() else { panic!("{events:?}") };
    assert_eq!((summary.segments, summary.damaged, summary.healed), (2, 1, 0));
    let damaged = inspected.journal().await.damaged_segments;
    assert_eq!((damaged.len(), damaged[0].first_txid, damaged[0].withheld), (1, 1, true));
}

/// At this pace a segment takes minutes.
const SLOW: (&str, &str) = ("dfs.journalnode.scrub.bandwidthPerSec", "1");

#[tokio::test]
async fn one_at_a_time_and_who_hurries_does_not_wait_for_the_pace() {
    let inspected = two_segments(&[NEVER, SLOW]);
    let (mut slow, mut fast) = (inspected.client().await, inspected.client().await);
    let mut paced = scrub(&mut slow, ScrubRequest::default()).await;
    soon(paced.message()).await.unwrap().unwrap();
    assert!(inspected.status().await.scrub.unwrap().requested_running);
    let mut second = scrub(&mut fast, ScrubRequest { journal: None, unpaced: true }).await;
    let refused = soon(second.message()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition, "{refused}");

    let hurried = two_segments(&[NEVER, SLOW]);
    let mut client = hurried.client().await;
    let events = events(&mut client, ScrubRequest { journal: None, unpaced: true }).await;
    assert!(matches!(events.last(), Some(Event::Summary(summary)) if summary.segments == 2));
}

#[tokio::test]
async fn a_slow_scrub_does_not_hold_up_the_end_of_the_node() {
    let mut inspected = two_segments(&[NEVER, SLOW]);
    let mut client = inspected.client().await;
    let mut paced = scrub(&mut client, ScrubRequest::default()).await;
    soon(paced.message()).await.unwrap().unwrap();
    inspected.node.signal(rustix::process::Signal::TERM);
    assert_eq!(inspected.node.wait().status, Some(143));
}

#[tokio::test]
async fn a_journal_that_is_not_there_is_not_scrubbed() {
    let inspected = InspectedNode::start(&[]);
    let mut client = inspected.client().await;
    let request = ScrubRequest { journal: Some("other".to_owned()), unpaced: false };
    let refused = client.scrub(request).await.unwrap_err().to_string();
    assert!(refused.contains("\"other\": it is not formatted"), "{refused}");
    assert!(!inspected.config.edits().join("other").exists());
}
