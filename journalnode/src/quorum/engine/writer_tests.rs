use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::editlog::encode_op;
use crate::engine::{PreparedRecovery, RequestInfo};
use crate::types::{Epoch, SegmentState, TxId};

const NOW: Duration = Duration::ZERO;
const LIMIT_BYTES: usize = 1000;

/// A writer, and three nodes that answer when they are told to.
struct Sim {
    writer: Writer,
    sent: Vec<VecDeque<(Call, Option<RequestInfo>)>>,
    round: RoundId,
    finished: Vec<Result<(), QuorumError>>,
}

impl Sim {
    fn new() -> Self {
        let names = ["a:1", "b:2", "c:3"].map(str::to_owned).to_vec();
        Self {
            writer: Writer::new(names, LIMIT_BYTES),
            sent: vec![VecDeque::new(); 3],
            round: RoundId(0),
            finished: vec![],
        }
    }

    fn handle(&mut self, event: Event) {
        for command in self.writer.handle(NOW, event) {
            match command {
                Command::Await(round, _) => self.round = round,
                Command::Finish(outcome) => self.finished.push(outcome),
                Command::Send(Outgoing { node, call, info }) => {
                    self.sent[node.0].push_back((call, info));
                    assert_eq!(self.sent[node.0].len(), 1, "one call is on its way at a time");
                }
            }
        }
    }

    fn order(&mut self, order: Order) {
        self.handle(Event::Order(order));
    }

    fn answer(&mut self, node: usize, answer: Result<Answer, NodeFailure>) -> Call {
        let (call, _) = self.sent[node].pop_front().expect("nothing was sent");
        self.handle(Event::Answered(NodeIndex(node), answer));
        call
    }

    /// All nodes answer alike.
    fn answer_all(&mut self, answer: &Answer) {
        for node in 0..3 {
            self.answer(node, Ok(answer.clone()));
        }
    }

    fn outcome(&mut self) -> Result<(), QuorumError> {
        assert_eq!(self.finished.len(), 1);
        self.finished.pop().unwrap()
    }

    fn phase(&self) -> Phase {
        self.writer.status().phase
    }

    /// Epoch 1 of an empty journal.
    fn streaming() -> Self {
        let mut sim = Self::new();
        sim.order(Order::Open);
        sim.answer_all(&state(0));
        sim.answer_all(&Answer::NewEpoch(None));
        sim.outcome().unwrap();
        sim
    }

    /// With segment 1 open.
    fn in_segment() -> Self {
        let mut sim = Self::streaming();
        sim.order(Order::StartSegment(TxId(1)));
        sim.answer_all(&Answer::Done);
        sim.outcome().unwrap();
        sim
    }

    fn info(&self, node: usize) -> RequestInfo {
        self.sent[node][0].1.expect("a call that says who asks")
    }
}

fn state(promised: i64) -> Answer {
    Answer::JournalState { promised: Epoch(promised), http: "http://n:1".into() }
}

fn prepared(end: i64) -> Answer {
    Answer::Prepared(PreparedRecovery {
        segment: Some(SegmentState { start: TxId(5), end: TxId(end), in_progress: true }),
        accepted_in: None,
        last_writer_epoch: Epoch(1),
        committed_txid: None,
    })
}

fn write(first: i64, count: u32) -> Order {
    let ops = (first..first + i64::from(count)).flat_map(|txid| encode_op(3, TxId(txid), b"body"));
    let records: Bytes = ops.collect::<Vec<_>>().into();
    Order::Write { first: TxId(first), count, records }
}

fn gone() -> NodeFailure {
    NodeFailure::Unanswered { reason: "connection refused".into() }
}

fn refused(message: &str) -> NodeFailure {
    NodeFailure::Refused { class: "java.io.IOException".into(), message: message.into() }
}

#[test]
fn a_writer_negotiates_then_recovers_then_streams() {
    let mut sim = Sim::new();
    sim.order(Order::Open);
    assert_eq!(sim.phase(), Phase::Negotiating);
    sim.answer(2, Ok(state(7)));
    sim.answer(0, Ok(state(4)));
    assert_eq!(sim.sent[2][0].0, Call::NewEpoch(Epoch(8)));
    assert!(matches!(sim.sent[1][0].0, Call::JournalState), "a slow node is not hurried");
    sim.answer(2, Ok(Answer::NewEpoch(Some(TxId(5)))));
    sim.answer(0, Ok(Answer::NewEpoch(None)));
    assert_eq!(sim.phase(), Phase::Recovering);
    sim.answer(2, Ok(prepared(9)));
    assert_eq!(sim.info(0), RequestInfo { epoch: Epoch(8), ipc_serial: 0, committed_txid: None });
    sim.answer(0, Ok(prepared(7)));
    let Call::AcceptRecovery { segment, source } = &sim.sent[0][0].0 else { panic!() };
    assert_eq!((segment.end, source.as_str()), (TxId(9), "http://n:1"));
    sim.answer(0, Ok(Answer::Done));
    sim.answer(2, Ok(Answer::Done));
    let finalize = Call::Finalize { first: TxId(5), last: TxId(9) };
    assert_eq!(sim.answer(2, Ok(Answer::Done)), finalize);
    sim.answer(0, Ok(Answer::Done));
    sim.outcome().unwrap();
    assert_eq!(sim.phase(), Phase::Streaming);
    assert_eq!(sim.writer.status().next_txid, Some(TxId(10)));
}

#[test]
fn a_segment_that_no_majority_has_needs_no_recovery() {
    let mut sim = Sim::new();
    sim.order(Order::Open);
    sim.answer_all(&state(1));
    sim.answer_all(&Answer::NewEpoch(Some(TxId(5))));
    let nothing = PreparedRecovery {
        segment: None,
        accepted_in: None,
        last_writer_epoch: Epoch(1),
        committed_txid: None,
    };
    sim.answer_all(&Answer::Prepared(nothing));
    sim.outcome().unwrap();
    assert_eq!(sim.phase(), Phase::Streaming);
}

#[test]
fn a_contradiction_ends_the_recovery() {
    let mut sim = Sim::new();
    sim.order(Order::Open);
    sim.answer_all(&state(1));
    sim.answer_all(&Answer::NewEpoch(Some(TxId(5))));
    let Answer::Prepared(held) = prepared(7) else { panic!() };
    let told = PreparedRecovery { segment: None, committed_txid: Some(TxId(8)), ..held };
    sim.answer(0, Ok(Answer::Prepared(held)));
    sim.answer(1, Ok(Answer::Prepared(told)));
    let fault = sim.outcome().unwrap_err();
    assert!(
        matches!(fault, QuorumError::Recovery(RecoveryFault::CommittedBeyondEnd { .. })),
        "{fault}"
    );
    assert_eq!(sim.phase(), Phase::Failed);
}

#[test]
fn a_batch_is_committed_by_a_majority_and_the_next_call_says_so() {
    let mut sim = Sim::in_segment();
    sim.order(write(1, 2));
    sim.answer(0, Ok(Answer::Done));
    assert!(sim.finished.is_empty());
    sim.answer(2, Ok(Answer::Done));
    sim.outcome().unwrap();
    sim.order(write(3, 1));
    let next = RequestInfo { epoch: Epoch(1), ipc_serial: 2, committed_txid: Some(TxId(2)) };
    assert_eq!(sim.info(0), next);
    // The slow node gets it behind the first batch.
    sim.answer(1, Ok(Answer::Done));
    assert_eq!(sim.info(1), next);
}

#[test]
fn a_late_answer_to_an_earlier_question_does_not_count() {
    let mut sim = Sim::in_segment();
    sim.order(write(1, 1));
    sim.answer(0, Ok(Answer::Done));
    sim.answer(1, Ok(Answer::Done));
    sim.outcome().unwrap();
    sim.order(write(2, 1));
    sim.answer(0, Ok(Answer::Done));
    sim.answer(2, Ok(Answer::Done));
    assert!(sim.finished.is_empty(), "that was the answer to the first batch");
    sim.answer(2, Ok(Answer::Done));
    sim.outcome().unwrap();
}

#[test]
fn a_node_that_failed_gets_heartbeats_until_the_next_segment() {
    let mut sim = Sim::in_segment();
    sim.order(write(1, 1));
    sim.answer(0, Ok(Answer::Done));
    sim.answer(1, Err(gone()));
    sim.answer(2, Ok(Answer::Done));
    sim.outcome().unwrap();
    sim.order(write(2, 1));
    assert_eq!(sim.answer(1, Ok(Answer::Done)), Call::Heartbeat);
    sim.answer(0, Ok(Answer::Done));
    sim.answer(2, Ok(Answer::Done));
    sim.outcome().unwrap();
    sim.order(Order::Finalize { first: TxId(1), last: TxId(2) });
    assert!(sim.sent[1].is_empty(), "no heartbeat within a second of the last");
    sim.answer(0, Ok(Answer::Done));
    sim.answer(2, Ok(Answer::Done));
    sim.outcome().unwrap();
    sim.order(Order::StartSegment(TxId(3)));
    sim.answer_all(&Answer::Done);
    sim.outcome().unwrap();
    assert!(sim.writer.status().nodes.iter().all(|node| node.in_sync));
}

#[test]
fn a_lost_majority_ends_the_writer() {
    let mut sim = Sim::in_segment();
    sim.order(write(1, 1));
    sim.answer(0, Err(gone()));
    sim.answer(1, Err(gone()));
    assert!(matches!(sim.outcome(), Err(QuorumError::NoQuorum(_))));
    sim.order(write(1, 1));
    assert!(matches!(sim.outcome(), Err(QuorumError::Phase { phase: Phase::Failed, .. })));
}

#[test]
fn a_newer_writer_fences_this_one() {
    let mut sim = Sim::in_segment();
    sim.order(write(1, 1));
    sim.answer(0, Err(refused("IPC's epoch 1 is less than the last promised epoch 2")));
    assert!(sim.finished.is_empty(), "one node alone fences nobody");
    sim.answer(1, Err(gone()));
    assert!(matches!(sim.outcome(), Err(QuorumError::Fenced(_))));
    assert_eq!(sim.phase(), Phase::Fenced);
}

#[test]
fn time_ends_a_question_but_not_an_earlier_one() {
    let mut sim = Sim::in_segment();
    let earlier = sim.round;
    sim.order(write(1, 1));
    sim.handle(Event::Expired(earlier));
    assert!(sim.finished.is_empty());
    sim.handle(Event::Expired(sim.round));
    let Err(QuorumError::NoQuorum(lost)) = sim.outcome() else { panic!() };
    assert!(lost.expired);
    assert!(lost.votes.iter().all(|vote| vote.vote == Vote::Silent));
}

#[test]
fn a_node_too_far_behind_fails_alone() {
    let mut sim = Sim::in_segment();
    let mut first = 1;
    let dropped = loop {
        sim.order(write(first, 10));
        sim.answer(0, Ok(Answer::Done));
        sim.answer(1, Ok(Answer::Done));
        sim.outcome().unwrap();
        let before = sim.writer.status().nodes[2].queued_bytes;
        first += 10;
        if before + 210 > LIMIT_BYTES {
            break before;
        }
    };
    sim.order(write(first, 10));
    assert_eq!(sim.writer.status().nodes[2].queued_bytes, dropped);
    sim.answer(0, Ok(Answer::Done));
    sim.answer(1, Err(gone()));
    let Err(QuorumError::NoQuorum(lost)) = sim.outcome() else { panic!() };
    let behind = NodeFailure::TooFarBehind { queued_bytes: dropped };
    assert_eq!(lost.votes[2].vote, Vote::Failed(behind));
}

#[test]
fn purging_is_not_waited_for() {
    let mut sim = Sim::streaming();
    sim.order(Order::Purge(TxId(9)));
    sim.outcome().unwrap();
    sim.answer(0, Err(gone()));
    assert_eq!(sim.phase(), Phase::Streaming);
}

/// What may happen next to a writer that is open.
#[derive(Clone, Debug)]
enum Action {
    Order,
    Answer(usize, bool),
    Expire,
}

fn any_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => Just(Action::Order),
        12 => (0_usize..3, prop::bool::weighted(0.9)).prop_map(|(node, ok)| Action::Answer(node, ok)),
        1 => Just(Action::Expire),
    ]
}

/// The next thing that an owner without faults wants.
fn next_order(status: &WriterStatus) -> Order {
    let next = status.next_txid.unwrap_or(TxId(1));
    match status.segment {
        None => Order::StartSegment(next),
        Some(first) if next.0 - first.0 >= 3 => Order::Finalize { first, last: next.previous() },
        Some(_) => write(next.0, 1),
    }
}

proptest! {
    /// Each order ends once; what is committed is held by a majority; serial numbers have no gap.
    #[test]
    fn whatever_the_nodes_do_the_writer_keeps_its_word(
        actions in prop::collection::vec(any_action(), 0..120)
    ) {
        let mut sim = Sim::streaming();
        let mut serials = [0_i64; 3];
        let mut held = [TxId(0); 3];
        let mut waiting = false;
        for action in actions {
            match action {
                Action::Order if !waiting => {
                    let order = next_order(&sim.writer.status());
                    sim.order(order);
                    waiting = true;
                }
                Action::Answer(node, ok) if !sim.sent[node].is_empty() => {
                    prop_assert_eq!(sim.info(node).ipc_serial, serials[node]);
                    serials[node] += 1;
                    let call = sim.answer(node, if ok { Ok(Answer::Done) } else { Err(gone()) });
                    if let (Call::Journal(batch), true) = (call, ok) {
                        prop_assert!(batch.first > held[node], "no batch twice");
                        held[node] = batch.first;
                    }
                }
                Action::Expire => sim.handle(Event::Expired(sim.round)),
                _ => {}
            }
            prop_assert!(sim.finished.len() <= usize::from(waiting));
            waiting = waiting && sim.finished.pop().is_none();
            let committed = sim.writer.status().committed.unwrap_or(TxId(0));
            prop_assert!(held.iter().filter(|last| **last >= committed).count() >= 2);
        }
    }
}
