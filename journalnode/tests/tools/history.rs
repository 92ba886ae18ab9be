use super::quorum::{ALL, Quorum};
use super::ran::{Ran, tool};

fn history(quorum: &Quorum, options: &[&str]) -> Ran {
    let (config, node) = (quorum.config(), quorum.inspect(0));
    tool(["history", "--config", &config, "--node", &node].iter().chain(options))
}

/// Events are written behind the journal's back.
fn until_it_has(quorum: &Quorum, what: &str, options: &[&str]) -> Ran {
    loop {
        let ran = history(quorum, options);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        if ran.out.contains(what) {
            return ran;
        }
    }
}

#[test]
fn a_table_of_what_happened_when_and_who_asked() {
    let mut quorum = Quorum::formatted(&[]);
    quorum.segment(&ALL, 1, 3);
    let ran = until_it_has(&quorum, "segment-finalized", &[]);
    let head = ran.out.lines().next().unwrap();
    let columns: Vec<_> = head.split_whitespace().collect();
    assert_eq!(columns, ["TIME", "WHAT", "EPOCH", "TXIDS", "PEER", "NOTE"]);
    let promised = ran.out.lines().find(|line| line.contains("  promised ")).unwrap();
    assert!(promised.contains("127.0.0.1:"), "{promised}");
    let finalized = ran.out.lines().find(|line| line.contains("  segment-finalized ")).unwrap();
    assert!(finalized.contains("  1-3  "), "{finalized}");

    let lines = history(&quorum, &["--json"]).json_lines();
    let finalized = lines.iter().find(|line| line["what"] == "segment-finalized").unwrap();
    assert_eq!((&finalized["first_txid"], &finalized["last_txid"]), (&1.into(), &3.into()));
    assert!(finalized["time"].as_str().unwrap().ends_with('Z'));
    assert_eq!(history(&quorum, &["--json", "--limit", "1"]).json_lines().len(), 1);
}

#[test]
fn what_cannot_be_told_is_said_to_be_so() {
    let quorum = Quorum::start(&[]);
    let node = quorum.inspect(0);
    for (arguments, text) in [
        (vec!["--node", "127.0.0.1:1"], "nobody listens at 127.0.0.1:1"),
        (vec!["--node", &node], "name one with --journal"),
        (vec!["--node", &node, "--journal", "j"], "\"j\": it is not formatted"),
        (vec!["--limit", "0"], "--limit"),
    ] {
        let ran = tool(std::iter::once("history").chain(arguments));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(text), "no {text} in {ran:?}");
    }
}
