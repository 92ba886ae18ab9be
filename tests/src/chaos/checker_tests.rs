use std::collections::HashSet;

use super::{
    Answer, Applied, Checker, Operation, OperationKind, Replica, Transaction, Violation, Writing,
};

const FOLDER: &str = "/chaos";
const OP_MKDIR: u8 = 3;

fn op(name: &str, answer: Answer) -> Operation {
    Operation { kind: OperationKind::Mkdir, name: name.to_owned(), from_ms: 1, to_ms: 2, answer }
}

fn mkdir(name: &str) -> Transaction {
    let mut bytes = vec![OP_MKDIR, 0, 0, 0, 99];
    bytes.extend(format!("{FOLDER}/{name}").bytes());
    bytes.extend([0, 0, 1]);
    Transaction { opcode: OP_MKDIR, bytes }
}

/// One segment with these operations, from transaction 1 on.
fn replica(node: &str, names: &[&str]) -> Replica {
    let transactions = (1..).zip(names.iter().map(|name| mkdir(name))).collect();
    Replica { node: node.to_owned(), segments: vec![(1, names.len() as u64)], transactions }
}

fn logged(history: &[Operation], names: &[&str]) -> Vec<Violation> {
    Checker::log(history, &Applied::of(&replica("node1", names), FOLDER))
}

fn three(names: [&[&str]; 3]) -> Vec<Violation> {
    let nodes = ["node1", "node2", "node3"].into_iter();
    Checker::replicas(
        &nodes.zip(names).map(|(node, names)| replica(node, names)).collect::<Vec<_>>(),
    )
}

fn epoch(epoch: u64, host: &str) -> Writing {
    Writing::Epoch { epoch, host: host.to_owned() }
}

fn writers(nodes: [&[Writing]; 2]) -> Vec<Violation> {
    let names = ["node1".to_owned(), "node2".to_owned()].into_iter();
    Checker::writers(&names.zip(nodes.map(<[Writing]>::to_vec)).collect::<Vec<_>>())
}

#[test]
fn a_sound_history_has_no_violation() {
    let history =
        [op("a", Answer::Acknowledged), op("b", Answer::Unknown), op("c", Answer::Unknown)];
    assert_eq!(logged(&history, &["a", "b"]), []);
    assert_eq!(Checker::listing(&history, &HashSet::from(["a".to_owned()])), []);
    assert_eq!(three([&["a", "b"]; 3]), []);
}

#[test]
fn a_lost_operation_is_found_in_the_log_and_in_the_listing() {
    let history = [op("a", Answer::Acknowledged), op("b", Answer::Acknowledged)];
    let name = || "b".to_owned();
    assert_eq!(logged(&history, &["a"]), [Violation::NotLogged { name: name() }]);
    let held = HashSet::from(["a".to_owned()]);
    assert_eq!(Checker::listing(&history, &held), [Violation::Vanished { name: name() }]);
}

#[test]
fn an_operation_applied_twice_is_found_even_if_its_answer_was_lost() {
    let twice = Violation::LoggedTwice { name: "a".to_owned(), txids: vec![1, 3] };
    for answer in [Answer::Acknowledged, Answer::Unknown] {
        let history = [op("a", answer)];
        assert_eq!(logged(&history, &["a", "b", "a"]), std::slice::from_ref(&twice));
    }
    let refused = Violation::RefusedAsDone { name: "a".to_owned() };
    assert_eq!(logged(&[op("a", Answer::DoneBefore)], &["a"]), [refused]);
}

#[test]
fn a_name_that_begins_like_another_is_another() {
    assert_eq!(logged(&[op("a", Answer::Acknowledged)], &["ab", "a", "a.from"]), []);
}

#[test]
fn a_replica_that_differs_is_found() {
    let (one, other) = ("node1".to_owned(), "node3".to_owned());
    assert_eq!(
        three([&["a", "b"], &["a", "b"], &["a", "c"]]),
        [Violation::Differs { txid: 2, one, other }]
    );
}

#[test]
fn a_replica_that_lacks_the_end_is_found() {
    let found = three([&["a", "b"], &["a"], &["a", "b"]]);
    let (one, other) = ("node1".to_owned(), "node2".to_owned());
    let missing = Violation::Missing { txid: 2, node: other.clone() };
    assert_eq!(found, [missing, Violation::Segments { one, other }]);
}

#[test]
fn writers_that_take_turns_are_fine() {
    let turns = [
        epoch(1, "nn01"),
        Writing::Segment { first: 1 },
        epoch(2, "nn02"),
        Writing::Segment { first: 9 },
    ];
    assert_eq!(writers([&turns, &turns[..2]]), []);
    // The old one's attempt at the same segment reached one node only.
    let attempt = [epoch(1, "nn01"), Writing::Segment { first: 1 }, Writing::Segment { first: 9 }];
    assert_eq!(writers([&turns, &attempt]), []);
}

#[test]
fn two_writers_in_one_epoch_are_found() {
    let found = writers([&[epoch(4, "nn01")], &[epoch(4, "nn02")]]);
    assert!(matches!(&found[..], [Violation::SharedEpoch { epoch: 4, .. }]), "{found:?}");
}

#[test]
fn an_old_writer_that_still_writes_is_found() {
    let back = [epoch(2, "nn02"), epoch(1, "nn01")];
    let node = "node1".to_owned();
    assert_eq!(writers([&back, &[]]), [Violation::EpochWentBack { node, epoch: 1, newer: 2 }]);
    let newer = [epoch(2, "nn02"), Writing::Segment { first: 5 }];
    let older = [epoch(1, "nn01"), Writing::Segment { first: 8 }];
    let ahead = Violation::OldWriterAhead { epoch: 1, first: 8, newer: 2, newer_first: 5 };
    assert_eq!(writers([&newer, &older]), [ahead]);
}

#[test]
fn a_segment_without_a_known_writer_is_found() {
    let replicas = [replica("node1", &["a"]), replica("node2", &["a"])];
    let begun = || vec![epoch(1, "nn01"), Writing::Segment { first: 1 }];
    let nobody = [Violation::NoWriter { first: 1 }];
    let check = |writings| Checker::written(&replicas, &[("node1".to_owned(), writings)]);
    assert_eq!(check(begun()), []);
    assert_eq!(check(vec![epoch(1, "nn01")]), nobody);
    assert_eq!(check(vec![Writing::Segment { first: 1 }]), nobody, "an epoch is missing");
}

#[test]
fn a_replica_with_a_hole_is_found_though_its_segments_look_the_same() {
    let mut holey = replica("node2", &["a", "b", "c"]);
    holey.transactions.remove(&2);
    let found = Checker::replicas(&[replica("node1", &["a", "b", "c"]), holey]);
    assert_eq!(found, [Violation::Missing { txid: 2, node: "node2".to_owned() }]);
}
