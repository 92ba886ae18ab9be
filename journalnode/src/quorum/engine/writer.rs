use std::time::Duration;

use super::channel::{Channel, Next};
use super::{
    Answer, Batch, Call, Command, Event, Lost, NodeFailure, NodeIndex, Operation, Order, Outgoing,
    Phase, QuorumError, RoundId, Tally, Verdict, WriterStatus, choose, newest_segment, next_epoch,
};
use crate::editlog::split;
use crate::engine::PreparedRecovery;
use crate::types::{Epoch, SegmentState, TxId};

/// The single writer of a journal, on a majority of nodes (`QuorumJournalManager`,
/// `AsyncLoggerSet`, `QuorumOutputStream`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Writer {
    names: Vec<String>,
    channels: Vec<Channel>,
    phase: Phase,
    epoch: Option<Epoch>,
    segment: Option<TxId>,
    next_txid: Option<TxId>,
    committed: Option<TxId>,
    question: Option<Question>,
    last_round: RoundId,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    round: RoundId,
    operation: Operation,
    tally: Tally<Answer>,
}

impl Writer {
    /// A writer to these nodes (`host:port`, for errors). No more than `queue_limit_bytes` of
    /// edits wait for one node.
    pub fn new(names: Vec<String>, queue_limit_bytes: usize) -> Self {
        Self {
            channels: names.iter().map(|_| Channel::new(queue_limit_bytes)).collect(),
            names,
            phase: Phase::New,
            epoch: None,
            segment: None,
            next_txid: None,
            committed: None,
            question: None,
            last_round: RoundId(0),
        }
    }

    /// Takes an event that happened at `now`, counted from any fixed moment.
    pub fn handle(&mut self, now: Duration, event: Event) -> Vec<Command> {
        let mut commands = Vec::new();
        match event {
            Event::Order(order) => self.take_order(order, &mut commands),
            Event::Answered(node, answer) => {
                let answered = self.channels.get_mut(node.0).and_then(|c| c.answered(answer));
                if let Some((round, answer)) = answered {
                    self.count(node, round, answer, &mut commands);
                }
            }
            Event::Expired(round) => self.expire(round, &mut commands),
        }
        self.send_all(now, &mut commands);
        commands
    }

    /// How it stands.
    pub fn status(&self) -> WriterStatus {
        WriterStatus {
            phase: self.phase,
            epoch: self.epoch,
            segment: self.segment,
            next_txid: self.next_txid,
            committed: self.committed,
            nodes: self.channels.iter().map(Channel::status).collect(),
        }
    }

    fn take_order(&mut self, order: Order, commands: &mut Vec<Command>) {
        match self.check(&order) {
            Err(error) => commands.push(Command::Finish(Err(error))),
            Ok((Call::Purge(keep_from), _)) => {
                for channel in &mut self.channels {
                    // Only edits are refused a place in the queue.
                    let _ = channel.enqueue(None, Call::Purge(keep_from));
                }
                commands.push(Command::Finish(Ok(())));
            }
            Ok((call, operation)) => {
                if order == Order::Open {
                    self.phase = Phase::Negotiating;
                }
                self.ask(operation, &call, commands);
            }
        }
    }

    /// The question that carries out an order, if it can be carried out now.
    fn check(&self, order: &Order) -> Result<(Call, Operation), QuorumError> {
        let (call, operation) = match order {
            Order::Open => (Call::JournalState, Operation::JournalState),
            Order::StartSegment(first) => {
                (Call::StartSegment(*first), Operation::StartSegment(*first))
            }
            Order::Write { first, count, records } => {
                let segment = self.segment.unwrap_or(*first);
                let last = last_of(*first, *count);
                let batch =
                    Batch { segment, first: *first, count: *count, records: records.clone() };
                (Call::Journal(batch), Operation::Write { first: *first, last })
            }
            Order::Finalize { first, last } => {
                let (first, last) = (*first, *last);
                (Call::Finalize { first, last }, Operation::Finalize { first, last })
            }
            Order::Purge(keep_from) => (Call::Purge(*keep_from), Operation::Purge(*keep_from)),
        };
        self.check_phase(order, operation)?;
        self.check_order(operation)?;
        match &call {
            Call::Journal(batch) if !holds_its_transactions(batch) => {
                Err(QuorumError::BadRecords { operation })
            }
            _ => Ok((call, operation)),
        }
    }

    fn check_phase(&self, order: &Order, operation: Operation) -> Result<(), QuorumError> {
        let streaming = self.phase == Phase::Streaming && self.question.is_none();
        let possible = match order {
            Order::Open => self.phase == Phase::New,
            Order::Purge(_) => streaming,
            Order::StartSegment(_) => streaming && self.segment.is_none(),
            Order::Write { .. } | Order::Finalize { .. } => streaming && self.segment.is_some(),
        };
        let phase = self.phase;
        if possible { Ok(()) } else { Err(QuorumError::Phase { operation, phase }) }
    }

    fn check_order(&self, operation: Operation) -> Result<(), QuorumError> {
        let Some(next) = self.next_txid else { return Ok(()) };
        let in_order = match operation {
            Operation::StartSegment(first) | Operation::Write { first, .. } => first == next,
            Operation::Finalize { first, last } => {
                self.segment == Some(first) && first <= last && last.next() == next
            }
            _ => true,
        };
        if in_order { Ok(()) } else { Err(QuorumError::OutOfOrder { operation, next }) }
    }

    /// Asks every node.
    fn ask(&mut self, operation: Operation, call: &Call, commands: &mut Vec<Command>) {
        let round = RoundId(self.last_round.0 + 1);
        self.last_round = round;
        commands.push(Command::Await(round, operation));
        let tally = Tally::majority_of(self.channels.len());
        self.question = Some(Question { round, operation, tally });
        for index in 0..self.channels.len() {
            if let Err(failure) = self.channels[index].enqueue(Some(round), call.clone()) {
                self.count(NodeIndex(index), round, Err(failure), commands);
            }
        }
    }

    /// Gives every idle channel its next call.
    fn send_all(&mut self, now: Duration, commands: &mut Vec<Command>) {
        for index in 0..self.channels.len() {
            let node = NodeIndex(index);
            loop {
                match self.channels[index].next(now, self.epoch, self.committed) {
                    Next::Idle => break,
                    Next::Send(call, info) => {
                        commands.push(Command::Send(Outgoing { node, call, info }));
                    }
                    Next::Failed(Some(round), failure) => {
                        self.count(node, round, Err(failure), commands);
                    }
                    Next::Failed(None, _) => {}
                }
            }
        }
    }

    fn count(
        &mut self,
        node: NodeIndex,
        round: RoundId,
        answer: Result<Answer, NodeFailure>,
        commands: &mut Vec<Command>,
    ) {
        let Some(question) = self.question.as_mut().filter(|q| q.round == round) else { return };
        let verdict = question.tally.note(node, answer);
        self.decide(verdict, commands);
    }

    fn expire(&mut self, round: RoundId, commands: &mut Vec<Command>) {
        let Some(question) = self.question.as_mut().filter(|q| q.round == round) else { return };
        let verdict = question.tally.expire();
        self.decide(verdict, commands);
    }

    fn decide(&mut self, verdict: Verdict, commands: &mut Vec<Command>) {
        let question = match verdict {
            Verdict::Open => None,
            Verdict::Won | Verdict::Lost => self.question.take(),
        };
        let Some(Question { operation, tally, .. }) = question else { return };
        let outcome = match verdict {
            Verdict::Lost => Err(Lost::of(operation, &tally, &self.names).into()),
            _ => self.advance(operation, &tally),
        };
        match outcome {
            Ok(Some((operation, call))) => self.ask(operation, &call, commands),
            Ok(None) => commands.push(Command::Finish(Ok(()))),
            Err(error) => {
                let fenced = matches!(error, QuorumError::Fenced(_));
                self.phase = if fenced { Phase::Fenced } else { Phase::Failed };
                commands.push(Command::Finish(Err(error)));
            }
        }
    }

    /// A majority did it: what follows from that, and the next question if there is one.
    fn advance(
        &mut self,
        operation: Operation,
        tally: &Tally<Answer>,
    ) -> Result<Option<(Operation, Call)>, QuorumError> {
        match operation {
            Operation::JournalState => {
                let epoch = next_epoch(promises(tally))?;
                return Ok(Some((Operation::NewEpoch(epoch), Call::NewEpoch(epoch))));
            }
            Operation::NewEpoch(epoch) => {
                self.epoch = Some(epoch);
                self.phase = Phase::Recovering;
                if let Some(first) = newest_segment(newest(tally)) {
                    let call = Call::PrepareRecovery(first);
                    return Ok(Some((Operation::PrepareRecovery(first), call)));
                }
                self.phase = Phase::Streaming;
            }
            Operation::PrepareRecovery(first) => return self.recover(first, tally),
            Operation::AcceptRecovery { first, last } => {
                let call = Call::Finalize { first, last };
                return Ok(Some((Operation::Finalize { first, last }, call)));
            }
            Operation::Finalize { last, .. } => {
                self.phase = Phase::Streaming;
                self.segment = None;
                self.next_txid = Some(last.next());
            }
            Operation::StartSegment(first) => {
                self.segment = Some(first);
                self.next_txid = Some(first);
            }
            Operation::Write { last, .. } => {
                self.next_txid = Some(last.next());
                self.committed = Some(last);
            }
            _ => {}
        }
        Ok(None)
    }

    fn recover(
        &mut self,
        first: TxId,
        tally: &Tally<Answer>,
    ) -> Result<Option<(Operation, Call)>, QuorumError> {
        let Some(choice) = choose(first, &prepared(tally))? else {
            self.phase = Phase::Streaming;
            return Ok(None);
        };
        let SegmentState { start: first, end: last, .. } = choice.segment;
        // Known: the channel asks for it before it prepares.
        let source = self.channels[choice.source.0].http().unwrap_or_default().to_owned();
        let call = Call::AcceptRecovery { segment: choice.segment, source };
        Ok(Some((Operation::AcceptRecovery { first, last }, call)))
    }
}

fn last_of(first: TxId, count: u32) -> TxId {
    TxId(first.0.saturating_add(i64::from(count)).saturating_sub(1))
}

/// Java's writer frames the records itself; ours are handed in, and a wrong number would only
/// be found by a reader.
fn holds_its_transactions(batch: &Batch) -> bool {
    let mut expected = batch.first;
    let whole = split(&batch.records).all(|op| {
        let fits = op.is_ok_and(|op| op.txid == expected);
        expected = expected.next();
        fits
    });
    whole && batch.count > 0 && expected.previous() == last_of(batch.first, batch.count)
}

fn promises(tally: &Tally<Answer>) -> impl Iterator<Item = Epoch> {
    tally.successes().filter_map(|(_, answer)| match answer {
        Answer::JournalState { promised, .. } => Some(*promised),
        _ => None,
    })
}

fn newest(tally: &Tally<Answer>) -> impl Iterator<Item = Option<TxId>> {
    tally.successes().filter_map(|(_, answer)| match answer {
        Answer::NewEpoch(newest) => Some(*newest),
        _ => None,
    })
}

fn prepared(tally: &Tally<Answer>) -> Vec<(NodeIndex, PreparedRecovery)> {
    let answers = tally.successes().filter_map(|(node, answer)| match answer {
        Answer::Prepared(prepared) => Some((node, *prepared)),
        _ => None,
    });
    answers.collect()
}
