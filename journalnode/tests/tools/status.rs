use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rustix::process::Signal;
use serde_json::Value;

use super::ran::{Ran, run, tool};
use super::support::{ConfigDir, Node, RawConnection, Reply, bare_command, requests};

/// Three JournalNodes of the journal `j`, and their writer.
struct Quorum {
    configs: Vec<ConfigDir>,
    nodes: Vec<Option<Node>>,
    writers: Vec<RawConnection>,
}

impl Quorum {
    fn start() -> Self {
        let configs: Vec<_> = (0..3).map(|_| ConfigDir::new(&[])).collect();
        let nodes: Vec<_> = configs.iter().map(|c| Some(Node::start(c.command()))).collect();
        let addresses = nodes.iter().flatten().map(|node| node.rpc);
        let writers = addresses.map(RawConnection::open).collect();
        Self { configs, nodes, writers }
    }

    fn format(&mut self, which: &[usize]) {
        for node in which {
            self.send(*node, "format", &requests::format("j", false));
            self.send(*node, "newEpoch", &requests::new_epoch("j", 1));
            self.send(*node, "startLogSegment", &requests::start_segment(info(0, 0), 1));
        }
    }

    /// Writes a transaction to some of them, who learn that the one before is committed.
    fn write(&mut self, which: &[usize], txid: u64) {
        for node in which {
            self.send(*node, "journal", &requests::journal(info(txid, txid - 1), 1, txid, 1));
        }
    }

    fn send(&mut self, node: usize, method: &str, request: &impl hadoop_proto::Message) {
        let reply = self.writers[node].call(method, request);
        assert!(matches!(reply, Reply::Success(_)), "{method}: {reply:?}");
    }

    fn uri(&self) -> String {
        let addresses: Vec<_> =
            self.nodes.iter().flatten().map(|node| node.rpc.to_string()).collect();
        format!("dfs.namenode.shared.edits.dir=qjournal://{}/j", addresses.join(";"))
    }
}

fn info(serial: u64, committed: u64) -> hadoop_proto::qjournal::RequestInfoProto {
    let committed_tx_id = Some(committed).filter(|txid| *txid > 0);
    hadoop_proto::qjournal::RequestInfoProto { committed_tx_id, ..requests::info("j", 1, serial) }
}

fn status(uri: &str, options: &[&str]) -> Ran {
    tool(["status", "-D", uri].iter().chain(options))
}

fn states(ran: &Ran) -> Vec<Value> {
    let nodes = ran.json()["quorums"][0]["nodes"].take();
    nodes.as_array().unwrap().iter().map(|node| node["state"].clone()).collect()
}

#[test]
fn nodes_in_step_are_a_table_of_figures() {
    let mut quorum = Quorum::start();
    quorum.format(&[0, 1, 2]);
    (1..=5).for_each(|txid| quorum.write(&[0, 1, 2], txid));
    let ran = status(&quorum.uri(), &[]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let headline = "(no nameservice), journal j: 3 of 3 in step, 2 needed: quorum; committed 4\n";
    assert!(ran.out.starts_with(headline), "{}", ran.out);
    assert_eq!(ran.out.lines().filter(|line| line.contains("  ok  ")).count(), 3, "{}", ran.out);

    let ran = status(&quorum.uri(), &["--json"]);
    let json = ran.json();
    let node = &json["quorums"][0]["nodes"][1];
    assert_eq!((&json["all_in_step"], &node["formatted"]), (&true.into(), &true.into()));
    for (key, value) in [
        ("promised_epoch", 1),
        ("writer_epoch", 1),
        ("last_segment", 1),
        ("last_txid", 5),
        ("committed_txid", 4),
        ("last_written_txid", 5),
        ("lag_txns", 0),
        ("current_lag_txns", 0),
        ("failed_segments", 0),
    ] {
        assert_eq!(node[key], value, "{key} of {node}");
    }
    assert!(node["free_bytes"].as_u64().unwrap() > 0);
    assert!(node["version"].as_str().unwrap().starts_with("3.4.3, r"));
    let http = quorum.nodes[1].as_ref().unwrap().http;
    assert_eq!(node["http"], format!("http://{http}"));
}

#[test]
fn the_state_of_the_index_is_shown_of_nodes_that_have_one() {
    let mut quorum = Quorum::start();
    quorum.format(&[0, 1, 2]);
    let shown = || status(&quorum.uri(), &["--json"]).json()["quorums"][0]["nodes"][1].take();
    let ready = loop {
        let node = shown();
        match node["index_state"].as_str().unwrap() {
            "opening" | "rebuilding" => {}
            _ => break node,
        }
    };
    assert_eq!(ready["index_state"], "ready");
    assert_eq!(
        (&ready["index_segments_rebuilt"], &ready["index_segments_to_rebuild"]),
        (&0.into(), &0.into())
    );
    let ran = status(&quorum.uri(), &[]);
    assert!(ran.out.lines().nth(1).unwrap().contains("  INDEX  "), "{}", ran.out);
    assert!(ran.out.contains("  ready  "), "{}", ran.out);
}

#[test]
fn each_node_that_is_not_in_step_is_a_row_with_the_reason() {
    let mut quorum = Quorum::start();
    let uri = quorum.uri();
    quorum.format(&[0, 1]);
    (1..=3).for_each(|txid| quorum.write(&[0, 1], txid));
    let ran = status(&uri, &["--json"]);
    assert_eq!(
        (ran.status, states(&ran)),
        (1, vec!["ok".into(), "ok".into(), "not-formatted".into()])
    );
    assert_eq!(ran.json()["quorums"][0]["has_quorum"], true);

    (4..=6).for_each(|txid| quorum.write(&[0], txid));
    let ran = status(&uri, &["--json"]);
    let behind = &ran.json()["quorums"][0]["nodes"][1];
    assert_eq!((&behind["state"], &behind["lag_txns"]), (&"behind".into(), &2.into()));

    quorum.nodes[2].take().unwrap().stop(Signal::KILL);
    let ran = status(&uri, &[]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("1 of 3 in step, 2 needed: NO QUORUM; committed 5"), "{}", ran.out);
    assert!(ran.out.contains("cannot connect: Connection refused"), "{}", ran.out);
}

#[test]
fn the_configuration_is_found_as_the_daemon_finds_it() {
    let mut quorum = Quorum::start();
    quorum.format(&[0, 1, 2]);
    let uri = quorum.uri();
    let (key, value) = uri.split_once('=').unwrap();
    let config = &quorum.configs[0];
    let site = [("dfs.nameservices", "j"), (key, value)];
    config.write("hdfs-site.xml", &super::support::site_file(&site));
    let arguments = ["status", "--config", config.path().to_str().unwrap(), "--json"];
    let ran = tool(arguments);
    assert_eq!((ran.status, &ran.json()["quorums"][0]["nameservice"]), (0, &"j".into()));
    let mut command = bare_command();
    command.arg("status").env("HADOOP_CONF_DIR", config.path());
    assert!(run(command).out.starts_with("j, journal j: 3 of 3 in step"));
}

#[test]
fn watching_goes_on_until_it_is_interrupted() {
    let mut quorum = Quorum::start();
    quorum.format(&[0, 1, 2]);
    let mut command = bare_command();
    command.args(["status", "-D", &quorum.uri(), "--watch", "1", "--json"]).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut committed = || {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        line["quorums"][0]["committed_txid"].clone()
    };
    assert_eq!(committed(), Value::Null);
    (1..=3).for_each(|txid| quorum.write(&[0, 1, 2], txid));
    // The look after this one began after the writes.
    committed();
    assert_eq!(committed(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn nobody_to_ask_is_an_error_of_usage() {
    let key = "dfs.namenode.shared.edits.dir";
    for (arguments, text) in [
        (vec!["-D", "a=b"], "dfs.namenode.shared.edits.dir is not set"),
        (vec!["-D", "dfs.namenode.shared.edits.dir=file:///nfs"], "qjournal://"),
        (vec!["-D", "hadoop.security.authentication=kerberos"], "Kerberos"),
        (vec!["surplus"], "unknown argument"),
        (vec!["--watch", "0"], "--watch"),
    ] {
        let ran = tool(std::iter::once("status").chain(arguments));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(text), "no {text} in {ran:?}");
    }
    // Nobody listens on port 1.
    let ran = status(&format!("{key}=qjournal://127.0.0.1:1/j"), &[]);
    assert_eq!(ran.status, 1);
}
