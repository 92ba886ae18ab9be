use std::fs;
use std::path::Path;

use journalnode::tools::verify::{Progress, Severity, verify_journal};

use super::golden_copy::GoldenCopy;
use super::ran::{Ran, tool};
use super::support::{ConfigDir, Node, RawConnection, requests};

const LEFT_OUT: [&str; 3] = ["gap", "gap", "gap"];
const FIRST: &str = "edits_0000000000000000001-0000000000000000003";
const OPEN: &str = "edits_inprogress_0000000000000000004";

fn verify(directory: &Path) -> Ran {
    tool(["verify".as_ref(), directory.as_os_str()])
}

fn codes(copy: &GoldenCopy) -> Vec<String> {
    tool(["verify".as_ref(), "--json".as_ref(), copy.root().as_os_str()]).codes()
}

#[test]
fn what_hadoop_wrote_is_clean_and_stays_as_it_is() {
    let copy = GoldenCopy::of("accepted");
    let before = copy.snapshot();
    for directory in [copy.root(), copy.edits().to_owned()] {
        let ran = verify(&directory);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.out.contains("2 segments, 6 operations, transactions 1 to 6"), "{}", ran.out);
        assert!(ran.out.contains("promised epoch 2, writer epoch 1, layout version -67"));
        assert!(ran.out.ends_with("clean: 0 damage, 0 attention, 0 unreadable, 0 notes\n"));
        assert_eq!(ran.err, "");
    }
    assert!(copy.snapshot() == before);
}

#[test]
fn segments_that_are_missing_are_gaps_and_nothing_else_is_wrong() {
    assert_eq!(codes(&GoldenCopy::of("live")), LEFT_OUT[..2]);
    assert_eq!(codes(&GoldenCopy::of("dead")), LEFT_OUT[..1]);
}

#[test]
fn json_names_file_reason_and_remedy() {
    let copy = GoldenCopy::of("accepted");
    copy.change(FIRST, |content| content[40] ^= 0x10);
    let ran = tool(["verify".as_ref(), copy.edits().as_os_str(), "--json".as_ref()]);
    assert_eq!(ran.status, 1);
    let json = ran.json();
    let finding = &json["journals"][0]["findings"][0];
    assert_eq!(json["clean"], false);
    assert_eq!(finding["path"], format!("current/{FIRST}"));
    assert_eq!((&finding["severity"], &finding["code"]), (&"damage".into(), &"operation".into()));
    assert!(finding["to_do"].as_str().unwrap().contains("another JournalNode"));
    let human = verify(&copy.root()).out;
    assert!(human.contains(&format!("damage: current/{FIRST}: no operation at byte")), "{human}");
    assert!(human.contains("to do: stop this JournalNode"), "{human}");
}

/// In the process: tens of thousands of runs would take long.
#[test]
fn every_flipped_bit_of_every_segment_is_found() {
    let copy = GoldenCopy::of("accepted");
    copy.change(OPEN, |content| content.truncate(8192));
    for name in [FIRST, OPEN] {
        let good = fs::read(copy.file(name)).unwrap();
        let operations = 227 * 8;
        let padding = (operations..good.len() * 8).step_by(1111);
        for bit in (0..operations).chain(padding) {
            let mut flipped = good.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(copy.file(name), flipped).unwrap();
            let report = verify_journal(&copy.root(), None, &Progress::hidden());
            let found = report.findings.iter().any(|f| f.severity > Severity::Note);
            assert!(found, "bit {bit} of {name}: {:?}", report.findings);
        }
        fs::write(copy.file(name), good).unwrap();
    }
}

#[test]
fn every_spoiled_file_is_found_by_its_own_name() {
    type Spoil = fn(&GoldenCopy);
    let cases: &[(&str, Spoil)] = &[
        ("epoch-file", |c| c.change("last-promised-epoch", |f| f[1] = b'x')),
        ("epoch-file", |c| c.change("last-writer-epoch", Vec::clear)),
        ("writer-above-promise", |c| c.change("last-writer-epoch", |f| f[0] = b'3')),
        ("writer-above-promise", |c| fs::remove_file(c.file("last-promised-epoch")).unwrap()),
        ("committed-file", |c| c.change("committed-txid", |f| f.truncate(7))),
        ("committed-ahead", |c| c.change("committed-txid", |f| f[6] = 1)),
        ("version-missing", |c| fs::remove_file(c.file("VERSION")).unwrap()),
        ("version-file", |c| c.change("VERSION", |f| f.truncate(60))),
        ("paxos-file", |c| c.change("paxos/4", |f| f.truncate(3))),
        ("paxos-above-promise", |c| c.change("paxos/4", |f| f[10] = 9)),
        ("paxos-mismatch", |c| c.change("paxos/4", |f| f[6] = 5)),
        ("paxos-without-segment", |c| {
            fs::rename(c.file("paxos/4"), c.file("paxos/9")).unwrap();
            c.change("paxos/9", |f| f[4] = 9);
        }),
        ("temporary", |c| fs::write(c.file("last-writer-epoch.tmp"), "3").unwrap()),
        ("temporary", |c| fs::write(c.file(&format!("{OPEN}.epoch=2")), "").unwrap()),
        ("unknown-name", |c| fs::write(c.file("core.1234"), "").unwrap()),
        ("unknown-name", |c| fs::write(c.file("paxos/x"), "").unwrap()),
        ("upgrade-interrupted", |c| fs::create_dir(c.root().join("previous.tmp")).unwrap()),
        ("last-txid", |c| c.change(FIRST, |f| f.truncate(227 - 17))),
        ("header", |c| c.change(FIRST, |f| f.truncate(7))),
        ("nothing-written", |c| c.change(OPEN, |f| f.fill(0xFF))),
        ("torn-tail", |c| c.change(OPEN, |f| f.truncate(220))),
        ("stray-padding", |c| c.change(OPEN, |f| f[5000] = 0)),
        ("unreadable", |c| {
            fs::remove_file(c.file(FIRST)).unwrap();
            fs::create_dir(c.file(FIRST)).unwrap();
        }),
    ];
    for (code, spoil) in cases {
        let copy = GoldenCopy::of("accepted");
        spoil(&copy);
        let found = codes(&copy);
        assert!(found.contains(&(*code).to_owned()), "no {code} in {found:?}");
        let status = if *code == "unreadable" { 2 } else { 1 };
        assert_eq!(verify(&copy.root()).status, status, "{code}");
    }
}

#[test]
fn what_was_put_aside_is_a_note() {
    let copy = GoldenCopy::of("accepted");
    fs::write(copy.file("edits_inprogress_0000000000000000009.empty"), "").unwrap();
    fs::create_dir(copy.root().join("previous")).unwrap();
    let ran = verify(&copy.root());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains("[put-aside]") && ran.out.contains("[upgrade-pending]"));
}

#[test]
fn a_running_journalnode_is_noticed_and_not_disturbed() {
    let config = ConfigDir::new(&[]);
    let node = Node::start(config.command());
    let mut connection = RawConnection::open(node.rpc);
    connection.call("format", &requests::format("j", false));
    connection.call("newEpoch", &requests::new_epoch("j", 1));
    connection.call("startLogSegment", &requests::start_segment(requests::info("j", 1, 0), 1));
    let lock = config.edits().join("j/in_use.lock");
    let before = fs::read(&lock).unwrap();
    let ran = verify(&config.edits());
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.out.contains(&format!("(process {}) is running here", node.pid())), "{}", ran.out);
    assert_eq!(fs::read(&lock).unwrap(), before);
    // Still locked, and still served.
    connection.call("journal", &requests::journal(requests::info("j", 1, 1), 1, 1, 3));
    let ran = verify(&config.edits());
    assert!(ran.out.contains("transactions 1 to 3"), "{}", ran.out);
    assert!(ran.out.contains("[in-use]"), "{}", ran.out);
}

#[test]
fn a_directory_without_journals_cannot_be_checked() {
    let empty = tempfile::tempdir().unwrap();
    let ran = verify(empty.path());
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("there is no journal in"), "{}", ran.err);
    let ran = verify(&empty.path().join("missing"));
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("cannot list"), "{}", ran.err);
    assert_eq!(tool(["verify", "--no-such-option", "."]).status, 2);
    assert!(fs::read_dir(empty.path()).unwrap().next().is_none());
}
