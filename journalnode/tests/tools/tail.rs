use rustix::process::Signal;
use serde_json::{Value, json};

use super::live::LiveTool;
use super::quorum::{ALL, Quorum};
use super::ran::{Ran, tool};

fn txids(ran: &Ran) -> Vec<i64> {
    ran.json_lines().iter().map(|line| line["txid"].as_i64().unwrap()).collect()
}

/// The quorum, and a node of it.
fn ways<'a>(config: &'a str, uri: &'a str, node: &'a str) -> [[&'a str; 5]; 2] {
    [["tail", "--config", config, "-D", uri], ["tail", "--config", config, "--node", node]]
}

#[test]
fn what_there_is_is_printed_from_where_it_is_asked_for() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 3);
    quorum.segment(&ALL, 4, 6);
    let (config, uri, node) = (quorum.config(), quorum.uri(), quorum.inspect(1));
    for way in ways(&config, &uri, &node) {
        let ran = tool(way.iter().chain(&["--from-start", "--count", "6"]));
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{way:?}");
        assert_eq!(txids(&ran), [1, 2, 3, 4, 5, 6], "{way:?}");
        let line = &ran.json_lines()[0];
        assert_eq!((&line["opcode"], &line["operation"]), (&json!(3), &json!("OP_MKDIR")));
        assert!(line["length"].as_u64().unwrap() > 17);
        assert_eq!(line["checksum"].as_str().unwrap().len(), 8);
        let ran = tool(way.iter().chain(&["--since", "5", "--count", "2"]));
        assert_eq!(txids(&ran), [5, 6], "{way:?}");
    }
    // A node knows which file an operation is in.
    let ran = tool(["tail", "--node", &node, "--since", "5", "--count", "1"]);
    assert_eq!(ran.json_lines()[0]["segment"], 4);
}

#[test]
fn what_becomes_committed_is_followed_until_interrupted() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 3);
    quorum.start_segment(&ALL, 4);
    let (config, uri, node) = (quorum.config(), quorum.uri(), quorum.inspect(0));
    let mut tails = ways(&config, &uri, &node)
        .map(|way| LiveTool::start(way.into_iter().chain(["--since", "3"])));
    for tail in &mut tails {
        assert_eq!(tail.next()["txid"], 3);
    }
    quorum.write(&ALL, 4, 4, 2);
    quorum.write(&ALL, 4, 6, 2);
    for mut tail in tails {
        assert_eq!(
            [tail.next(), tail.next()].map(|line| line["txid"].clone()),
            [json!(4), json!(5)]
        );
        tail.signal(Signal::INT);
        assert_eq!(tail.end(), (Some(0), String::new()));
    }
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 3);
    quorum.start_segment(&ALL, 4);
    let (config, uri, node) = (quorum.config(), quorum.uri(), quorum.inspect(0));
    for (round, way) in ways(&config, &uri, &node).into_iter().enumerate() {
        let mut tail = LiveTool::start(way.into_iter().chain(["--from-start"]));
        assert_eq!(tail.next()["txid"], 1);
        tail.close_output();
        let first = 4 + 4 * round as u64;
        quorum.write(&ALL, 4, first, 2);
        quorum.write(&ALL, 4, first + 2, 2);
        assert_eq!(tail.end(), (Some(0), String::new()));
    }
}

#[test]
fn only_what_a_majority_agrees_on_is_printed() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&[0, 1], 1, 3);
    quorum.start_segment(&[0, 1], 4);
    quorum.write(&[0, 1], 4, 4, 2);
    // One node alone is ahead, and believes that all of it is committed.
    quorum.write(&[0], 4, 6, 3);
    quorum.write(&[0], 4, 9, 1);
    let uri = quorum.uri();
    let mut tail = LiveTool::start(["tail", "-D", &uri, "--from-start"]);
    for txid in 1..=5 {
        assert_eq!(tail.next()["txid"], txid);
    }
    quorum.write(&[1], 4, 6, 3);
    quorum.write(&[1], 4, 9, 1);
    assert_eq!(tail.next()["txid"], 6);
}

#[test]
fn a_quorum_that_is_lost_is_waited_for() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 3);
    let (config, uri) = (quorum.config(), quorum.uri());
    let mut tail = LiveTool::start(["tail", "--config", &config, "-D", &uri, "--since", "3"]);
    assert_eq!(tail.next()["txid"], 3);
    for node in [1, 2] {
        quorum.nodes[node].take().unwrap().stop(Signal::KILL);
    }
    assert!(tail.says().contains("asking again"));
    tail.signal(Signal::INT);
    assert_eq!(tail.end().0, Some(0));
}

#[test]
fn what_is_purged_is_left_out_and_that_is_said() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 3);
    quorum.segment(&ALL, 4, 6);
    quorum.purge(4);
    let (config, uri, node) = (quorum.config(), quorum.uri(), quorum.inspect(0));
    for way in ways(&config, &uri, &node) {
        let ran = tool(way.iter().chain(&["--from-start", "--count", "3"]));
        assert_eq!(txids(&ran), [4, 5, 6], "{way:?}");
        assert!(ran.err.contains("transactions 1 to 3 are purged: going on with 4"), "{}", ran.err);
    }
}

#[test]
fn what_cannot_be_followed_is_said_to_be_so() {
    let quorum = Quorum::formatted(&[]);
    let node = quorum.inspect(0);
    let uri = "dfs.namenode.shared.edits.dir=qjournal://127.0.0.1:1/j";
    for (arguments, text) in [
        (vec!["-D", "a=b"], "dfs.namenode.shared.edits.dir is not set"),
        (vec!["-D", uri], "no node tells the namespace"),
        (vec!["-D", uri, "--journal", "k"], "no such journal"),
        (vec!["-D", "hadoop.security.authentication=kerberos", "-D", uri], "Kerberos"),
        (vec!["--node", "127.0.0.1:1"], "nobody listens at 127.0.0.1:1"),
        (vec!["--node", &node, "--journal", "k"], "\"k\": it is not formatted"),
        (vec!["--since", "0"], "--since"),
        (vec!["--since", "1", "--from-start"], "--from-start"),
        (vec!["surplus"], "unknown argument"),
    ] {
        let ran = tool(std::iter::once("tail").chain(arguments));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(text), "no {text} in {ran:?}");
    }
}

#[test]
fn lines_are_objects_of_these_keys() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 1);
    let ran = tool(["tail", "-D", &quorum.uri(), "--from-start", "--count", "1"]);
    let line = &ran.json_lines()[0];
    let Value::Object(object) = line else { panic!("{line}") };
    let keys: Vec<_> = object.keys().map(String::as_str).collect();
    assert_eq!(keys, ["checksum", "length", "opcode", "operation", "segment", "txid"]);
}
