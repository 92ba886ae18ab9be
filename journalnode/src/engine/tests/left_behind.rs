//! A node that missed the end of a segment, and what later writers make of its copy.

use crate::engine::fixture::{Directory, Sim, batch, file, info, namespace, segment};
use crate::engine::{
    AcceptRecovery, FinalizeLogSegment, NewEpoch, RequestInfo, StartLogSegment, accept_recovery,
    finalize_log_segment, journal, new_epoch, start_log_segment,
};
use crate::types::{Epoch, LayoutVersion, TxId};

/// Who wrote what [`Directory`] has fetched from a peer for epoch 3.
const FETCHED: u8 = 3 | 0x80;

/// Writer 1 left transactions 5 to 9 here, alone. Writer 2 wrote others in their place, finished
/// them on the other nodes, told this one only of the segment after them, and died.
fn left_behind() -> Sim {
    let mut node = Sim::new(Directory::formatted());
    promise(&mut node, 1);
    start(&mut node, 1, 5);
    let written = batch(next(&node, 1), 5, 5, 9);
    assert_eq!(node.run(|state, _| journal(state, &written)).answer, Some(Ok(())));
    promise(&mut node, 2);
    node
}

/// What precedes the next request of a writer.
fn next(node: &Sim, epoch: i64) -> RequestInfo {
    info(epoch, node.state.ipc_serial + 1)
}

fn promise(node: &mut Sim, epoch: i64) {
    let request = NewEpoch { namespace: namespace(), epoch: Epoch(epoch) };
    assert!(node.run(|state, facts| new_epoch(state, facts, &request)).answer.unwrap().is_ok());
}

fn start(node: &mut Sim, epoch: i64, first: i64) {
    let layout_version = LayoutVersion::CURRENT;
    let request = StartLogSegment { info: next(node, epoch), txid: TxId(first), layout_version };
    let started = node.run(|state, facts| start_log_segment(state, facts, &request));
    assert_eq!(started.answer, Some(Ok(())));
}

fn accept(node: &mut Sim) {
    let url = "http://jn2:8480/getJournal".into();
    let request = AcceptRecovery { info: next(node, 3), segment: segment(5, 9), url };
    let accepted = node.run(|state, facts| accept_recovery(state, facts, &request));
    assert_eq!(accepted.answer, Some(Ok(())));
}

fn finalize(node: &mut Sim, epoch: i64) -> bool {
    let request = FinalizeLogSegment { info: next(node, epoch), start: TxId(5), end: TxId(9) };
    let done = node.run(|state, facts| finalize_log_segment(state, facts, &request));
    done.answer.unwrap().is_ok()
}

#[test]
fn a_node_that_started_the_next_segment_does_not_vouch_for_what_it_missed_the_end_of() {
    let mut node = left_behind();
    start(&mut node, 2, 10);
    promise(&mut node, 3);
    accept(&mut node);
    assert!(finalize(&mut node, 3));
    let finished = &node.directory.edits[&file(5, 9)];
    assert_eq!(finished.mark_of(TxId(9)), Some(FETCHED), "the copy of writer 1 was finished");
}

#[test]
fn a_recovery_that_did_not_reach_a_node_does_not_finish_its_copy() {
    let mut node = left_behind();
    assert!(!finalize(&mut node, 2), "writer 2 wrote its transactions elsewhere");
    promise(&mut node, 3);
    assert!(!finalize(&mut node, 3), "writer 3 recovered those of writer 2");
    assert!(node.directory.edits.contains_key(&file(5, None)));
    accept(&mut node);
    assert!(finalize(&mut node, 3));
}
