use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tracing::{info, warn};

use super::logger::{self, Answered};
use crate::quorum::Timeouts;
use crate::quorum::ask::names;
use crate::quorum::engine::{
    Command, Deadline, Event, Operation, Order, Outgoing, Phase, QuorumError, RoundId, Writer,
    WriterStatus,
};
use crate::quorum::node_client::NodeClient;

/// An order, and where to report its end.
pub(super) type Ordered = (Order, oneshot::Sender<Result<(), QuorumError>>);

/// The one owner of a writer's state: turns what happens into events, and does what the state
/// machine commands.
pub(super) struct Driver {
    journal: String,
    names: Vec<String>,
    writer: Writer,
    timeouts: Timeouts,
    started: Instant,
    orders: mpsc::Receiver<Ordered>,
    answers: mpsc::Receiver<Answered>,
    /// One call is on its way at a time, so there is always room.
    calls: Vec<mpsc::Sender<Outgoing>>,
    /// Dropped with the driver, which ends them.
    loggers: JoinSet<()>,
    waiting: Option<oneshot::Sender<Result<(), QuorumError>>>,
    deadline: Option<(RoundId, Deadline)>,
    status: watch::Sender<WriterStatus>,
}

impl Driver {
    /// A driver with its loggers running, which begins when it is run.
    pub(super) fn new(
        journal: String,
        nodes: &[Arc<NodeClient>],
        queue_limit_bytes: usize,
        timeouts: Timeouts,
        orders: mpsc::Receiver<Ordered>,
    ) -> (Self, watch::Receiver<WriterStatus>) {
        let names = names(nodes);
        let writer = Writer::new(names.clone(), queue_limit_bytes);
        let (status, watched) = watch::channel(writer.status());
        let (answered, answers) = mpsc::channel(nodes.len().max(1));
        let mut loggers = JoinSet::new();
        let mut calls = Vec::new();
        for node in nodes {
            let (call, received) = mpsc::channel(1);
            loggers.spawn(logger::run(Arc::clone(node), received, answered.clone()));
            calls.push(call);
        }
        let driver = Self {
            journal,
            names,
            writer,
            timeouts,
            started: Instant::now(),
            orders,
            answers,
            calls,
            loggers,
            waiting: None,
            deadline: None,
            status,
        };
        (driver, watched)
    }

    /// Runs until nobody can give orders any more.
    pub(super) async fn run(mut self) {
        while let Some(event) = self.next_event().await {
            let commands = self.writer.handle(self.started.elapsed(), event);
            // Before the owner hears of the end, so that it finds the status that follows.
            self.publish();
            for command in commands {
                self.execute(command).await;
            }
        }
        self.loggers.abort_all();
    }

    async fn next_event(&mut self) -> Option<Event> {
        loop {
            let wake_at = self.deadline.map(|(_, deadline)| self.started + deadline.wake_at());
            tokio::select! {
                biased;
                Some((node, answer)) = self.answers.recv() => {
                    return Some(Event::Answered(node, answer));
                }
                () = sleep_until(wake_at.unwrap_or(self.started)), if wake_at.is_some() => {
                    let now = self.started.elapsed();
                    if let Some(round) = self.expired(now) {
                        return Some(Event::Expired(round));
                    }
                }
                ordered = self.orders.recv(), if self.waiting.is_none() => {
                    let (order, waiting) = ordered?;
                    self.waiting = Some(waiting);
                    return Some(Event::Order(order));
                }
            }
        }
    }

    fn expired(&mut self, now: Duration) -> Option<RoundId> {
        let (round, deadline) = self.deadline.as_mut()?;
        deadline.is_over(now).then_some(*round)
    }

    async fn execute(&mut self, command: Command) {
        match command {
            Command::Await(round, operation) => self.start_clock(round, operation),
            Command::Send(outgoing) => {
                if let Some(calls) = self.calls.get(outgoing.node.0) {
                    // A logger ends with its driver only.
                    let _ = calls.send(outgoing).await;
                }
            }
            Command::Finish(outcome) => {
                self.deadline = None;
                if let Some(waiting) = self.waiting.take() {
                    // Whoever gave the order may have gone.
                    let _ = waiting.send(outcome);
                }
            }
        }
    }

    fn start_clock(&mut self, round: RoundId, operation: Operation) {
        let limit = self.timeouts.of(operation);
        self.deadline = Some((round, Deadline::new(self.started.elapsed(), limit)));
        if let Operation::AcceptRecovery { first, last } = operation {
            info!(journal = self.journal, segment = first.0, "recovering segment {first}-{last}");
        }
    }

    fn publish(&mut self) {
        let now = self.writer.status();
        let before = self.status.send_replace(now.clone());
        for (name, (before, now)) in self.names.iter().zip(before.nodes.iter().zip(&now.nodes)) {
            match (before.in_sync, now.in_sync) {
                (true, false) => {
                    warn!(
                        journal = self.journal,
                        peer = name,
                        "out of sync until the next segment"
                    );
                }
                (false, true) => info!(journal = self.journal, peer = name, "in sync again"),
                _ => {}
            }
        }
        if before.phase != Phase::Streaming && now.phase == Phase::Streaming {
            let epoch = now.epoch.unwrap_or_default();
            info!(journal = self.journal, epoch = epoch.0, "became the writer");
        }
    }
}
