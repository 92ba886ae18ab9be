use std::fs;

use super::quorum::{ALL, Quorum};
use super::ran::{Ran, tool};

const NEVER: (&str, &str) = ("dfs.journalnode.scrub.interval", "0");
const FIRST: &str = "edits_0000000000000000001-0000000000000000003";

fn scrub(quorum: &Quorum, options: &[&str]) -> Ran {
    let (config, node) = (quorum.config(), quorum.inspect(0));
    tool(["scrub", "--config", &config, "--node", &node].iter().chain(options))
}

#[test]
fn a_good_node_is_clean() {
    let mut quorum = Quorum::formatted(&[NEVER]);
    quorum.segment(&ALL, 1, 3);
    quorum.segment(&ALL, 4, 6);
    let ran = scrub(&quorum, &[]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    let expected = "2 segments, 0 MiB read: 0 damaged, 0 of them healed; 0 could not be read\n";
    assert_eq!(ran.out, expected);
    let end = &scrub(&quorum, &["--json", "--journal", "j"]).json_lines()[0];
    assert_eq!((&end["end"], &end["segments"]), (&true.into(), &2.into()));
}

#[test]
fn damage_is_found_and_the_status_shows_it_too() {
    let mut quorum = Quorum::formatted(&[NEVER]);
    quorum.segment(&ALL, 1, 3);
    let path = quorum.configs[0].current("j").join(FIRST);
    let mut content = fs::read(&path).unwrap();
    content[20] ^= 1;
    fs::write(path, content).unwrap();
    let ran = scrub(&quorum, &["--unpaced"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.starts_with("damaged: journal j, segment 1-3: "), "{}", ran.out);
    assert!(ran.out.contains("not replaced: no other JournalNode to ask"), "{}", ran.out);
    let lines = scrub(&quorum, &["--json"]).json_lines();
    assert_eq!((&lines[0]["verdict"], &lines[1]["damaged"]), (&"damaged".into(), &1.into()));
}

#[test]
fn a_node_that_is_not_there_or_has_it_off_is_said_to_be_so() {
    for (arguments, text) in [
        (vec!["--node", "127.0.0.1:1"], "nobody listens at 127.0.0.1:1"),
        (vec!["-D", "dfs.journalnode.inspect-address=off"], "--node HOST:PORT"),
        (vec!["-D", "dfs.journalnode.inspect-address=127.0.0.1:1"], "nobody listens"),
        (vec!["-D", "dfs.journalnode.inspect.tls.key=/k"], "certificate, key and client-ca"),
        (vec!["--node", "a_b:1"], "--node"),
        (vec!["surplus"], "unknown argument"),
    ] {
        let ran = tool(std::iter::once("scrub").chain(arguments));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(text), "no {text} in {ran:?}");
    }
}

/// As an operator on the node runs it: without saying where the node is.
#[test]
fn the_local_node_is_found_by_the_configuration() {
    let quorum = Quorum::formatted(&[NEVER]);
    let address = format!("dfs.journalnode.inspect-address={}", quorum.inspect(2));
    let config = quorum.configs[2].path().to_str().unwrap();
    let ran = tool(["scrub", "--config", config, "-D", &address, "--json"]);
    assert_eq!((ran.status, &ran.json_lines()[0]["segments"]), (0, &0.into()), "{ran:?}");
}
