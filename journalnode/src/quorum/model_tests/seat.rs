use std::time::Duration;

use crate::editlog::encode_op;
use crate::engine::RequestInfo;
use crate::quorum::engine::{
    Answer, Call, Command, Event, NodeFailure, NodeIndex, Operation, Order, Outgoing, Phase,
    QuorumError, Vote, Writer,
};
use crate::types::{Epoch, TxId};

/// Every node has one, and is found by it.
pub(super) const NAMES: [&str; 3] = ["a", "b", "c"];
/// The mark of what is the same from every writer.
pub(super) const START: u8 = 0;
const QUEUE_LIMIT_BYTES: usize = 10_000;

/// What an owner of a writer still wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wishes {
    /// Segments to be written.
    pub(super) segments: u8,
    /// Transactions in each.
    pub(super) transactions: i64,
    /// Whether a segment begins with what is the same from every writer, as a NameNode's do.
    pub(super) alike: bool,
}

/// A writer, its owner, and what is on its way to the nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Seat {
    pub(super) writer: Writer,
    /// What it asked each node and has no answer to.
    pub(super) flights: [Option<(Call, Option<RequestInfo>)>; 3],
    /// Which of these are overtaken by what is asked of other nodes.
    pub(super) held: [bool; 3],
    pub(super) mark: u8,
    wishes: Wishes,
    asked: Option<Asked>,
}

/// What the writer is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Asked {
    /// Whether it opens the log.
    opens: bool,
    /// The batch that it writes.
    batch: Option<(TxId, u8)>,
    /// A majority had promised itself to a newer writer before the question was put.
    fenced: bool,
}

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// A majority did what a fenced writer asked.
    FencedWriterServed,
    /// A majority has the transaction.
    Acknowledged(Epoch, TxId, u8),
    /// The log was recovered, and goes on here.
    Opened(Epoch, Option<TxId>),
    /// The nodes contradict themselves.
    Contradiction(QuorumError),
}

impl Seat {
    pub(super) fn new(mark: u8, wishes: Wishes) -> Self {
        let names = NAMES.map(str::to_owned).to_vec();
        Self {
            writer: Writer::new(names, QUEUE_LIMIT_BYTES),
            flights: [const { None }; 3],
            held: [false; 3],
            mark,
            wishes,
            asked: None,
        }
    }

    pub(super) fn is_new(&self) -> bool {
        self.writer.status().phase == Phase::New
    }

    pub(super) fn open(&mut self, is_fenced: &dyn Fn(Epoch) -> bool) -> Vec<News> {
        self.handle(Event::Order(Order::Open), is_fenced)
    }

    pub(super) fn answer(
        &mut self,
        node: usize,
        answer: Result<Answer, NodeFailure>,
        is_fenced: &dyn Fn(Epoch) -> bool,
    ) -> Vec<News> {
        self.flights[node] = None;
        self.held[node] = false;
        self.handle(Event::Answered(NodeIndex(node), answer), is_fenced)
    }

    fn handle(&mut self, event: Event, is_fenced: &dyn Fn(Epoch) -> bool) -> Vec<News> {
        let mut news = Vec::new();
        let mut event = Some(event);
        while let Some(next) = event.take() {
            if let Event::Order(order) = &next {
                let (opens, batch) = (*order == Order::Open, batch_of(order));
                self.asked = Some(Asked { opens, batch, fenced: false });
            }
            for command in self.writer.handle(Duration::ZERO, next) {
                match command {
                    Command::Await(_, operation) => self.put(operation, is_fenced, &mut news),
                    Command::Send(Outgoing { node, call, info }) => {
                        self.flights[node.0] = Some((call, info));
                    }
                    Command::Finish(outcome) => {
                        self.finished(outcome, &mut news);
                        event = self.next_order().map(Event::Order);
                    }
                }
            }
        }
        news
    }

    /// The next question; the one before it was answered well.
    fn put(
        &mut self,
        operation: Operation,
        is_fenced: &dyn Fn(Epoch) -> bool,
        news: &mut Vec<News>,
    ) {
        let Some(asked) = &mut self.asked else { return };
        if asked.fenced {
            news.push(News::FencedWriterServed);
        }
        let negotiates = matches!(operation, Operation::JournalState | Operation::NewEpoch(_));
        let epoch = self.writer.status().epoch.filter(|_| !negotiates);
        asked.fenced = epoch.is_some_and(is_fenced);
    }

    fn finished(&mut self, outcome: Result<(), QuorumError>, news: &mut Vec<News>) {
        let Some(asked) = self.asked.take() else { return };
        let epoch = self.writer.status().epoch.unwrap_or_default();
        match (outcome, asked) {
            (Ok(()), Asked { fenced: true, .. }) => news.push(News::FencedWriterServed),
            (Ok(()), Asked { batch: Some((txid, mark)), .. }) => {
                news.push(News::Acknowledged(epoch, txid, mark));
            }
            (Ok(()), Asked { opens: true, .. }) => {
                news.push(News::Opened(epoch, self.writer.status().next_txid));
            }
            (Ok(()), _) => {}
            (Err(error), _) if contradicts(&error) => news.push(News::Contradiction(error)),
            (Err(_), _) => {}
        }
    }

    /// What the owner wants next; nothing any more once a quorum was lost.
    fn next_order(&mut self) -> Option<Order> {
        let status = self.writer.status();
        if status.phase != Phase::Streaming {
            return None;
        }
        let next = status.next_txid.unwrap_or(TxId(1));
        match status.segment {
            None if self.wishes.segments == 0 => None,
            None => {
                self.wishes.segments -= 1;
                Some(Order::StartSegment(next))
            }
            Some(first) if next.0 - first.0 >= self.wishes.transactions => {
                Some(Order::Finalize { first, last: next.previous() })
            }
            Some(first) => {
                let alike = self.wishes.alike && next == first;
                let mark = if alike { START } else { self.mark };
                let records = encode_op(3, next, &[mark; 3]).into();
                Some(Order::Write { first: next, count: 1, records })
            }
        }
    }
}

fn batch_of(order: &Order) -> Option<(TxId, u8)> {
    match order {
        // Where `Log` looks for the mark.
        Order::Write { first, records, .. } => Some((*first, records[13])),
        _ => None,
    }
}

/// Not a node that is down or fenced: an invariant that does not hold.
fn contradicts(error: &QuorumError) -> bool {
    let broken = |vote: &Vote| matches!(vote, Vote::Failed(failure) if failure.is_assertion());
    match error {
        QuorumError::NoQuorum(lost) | QuorumError::Fenced(lost) => {
            lost.votes.iter().any(|vote| broken(&vote.vote))
        }
        _ => true,
    }
}
