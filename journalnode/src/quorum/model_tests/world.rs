use std::sync::Arc;

use super::node::{Crash, Node};
use super::oracle::{Broken, Oracle, is_fenced};
use super::seat::{NAMES, News, Seat, Wishes};
use crate::engine::RequestInfo;
use crate::engine::fixture::{Directory, Log};
use crate::quorum::engine::{Answer, Call, NodeFailure, Phase};
use crate::types::Epoch;

/// What may happen, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bounds {
    pub(super) writers: u8,
    pub(super) wishes: Wishes,
    /// A request or its answer is lost, or a fetch from a peer fails.
    pub(super) losses: u8,
    /// A request comes again, or after its writer gave it up, at any later time.
    pub(super) late: u8,
    /// A node ends, at rest or behind any effect, and starts again.
    pub(super) crashes: u8,
    /// A request is overtaken by those to other nodes, for as long as may be.
    pub(super) holds: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    Open(usize),
    Serve(usize, usize),
    Hold(usize, usize),
    LoseRequest(usize, usize),
    LoseAnswer(usize, usize),
    FailFetch(usize, usize),
    Delay(usize, usize),
    Duplicate(usize, usize),
    Stray(usize),
    Crash(usize, Crash),
    CrashBehind(usize, usize, usize, Crash),
}

/// A call that its writer no longer waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Stray {
    node: usize,
    call: Call,
    info: Option<RequestInfo>,
}

/// Three nodes, their writers, and what is on its way between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    nodes: [Arc<Node>; 3],
    seats: Vec<Arc<Seat>>,
    strays: Vec<Stray>,
    bounds: Bounds,
    pub(super) oracle: Oracle,
}

impl World {
    pub(super) fn new(bounds: Bounds) -> Self {
        let node = |name| Arc::new(Node::new(name, Directory::formatted()));
        let seat = |n: u8| Arc::new(Seat::new(n + 1, bounds.wishes));
        Self {
            nodes: NAMES.map(node),
            seats: (0..bounds.writers).map(seat).collect(),
            strays: Vec::new(),
            bounds,
            oracle: Oracle::default(),
        }
    }

    pub(super) fn actions(&self, actions: &mut Vec<Action>) {
        if let Some((s, n)) = self.refused() {
            actions.push(Action::Serve(s, n));
            return;
        }
        if let Some(seat) = self.seats.iter().position(|seat| seat.is_new()) {
            actions.push(Action::Open(seat));
        }
        for (s, n) in self.servable() {
            if let Some((call, info)) = self.request(s, n) {
                self.actions_of_request((s, n), (&call, info), actions);
            }
        }
        actions.extend((0..self.strays.len()).map(Action::Stray));
        if self.bounds.crashes > 0 {
            for n in 0..3 {
                actions.push(Action::Crash(n, Crash::Kill));
                actions.push(Action::Crash(n, Crash::PowerCut));
            }
        }
    }

    /// The writer that came up last.
    fn newest(&self) -> usize {
        self.seats.iter().rposition(|seat| !seat.is_new()).unwrap_or(0)
    }

    /// A request of an older writer to a node that refuses it, now or later, and stays as it is:
    /// nothing else depends on when that is, so it is done at once.
    fn refused(&self) -> Option<(usize, usize)> {
        let mut older = (0..self.newest()).flat_map(|s| (0..3).map(move |n| (s, n)));
        older.find(|(s, n)| {
            let promised = self.nodes[*n].directory.promised;
            match self.request(*s, *n) {
                Some((Call::NewEpoch(epoch), _)) => epoch <= promised,
                Some((_, Some(info))) => info.epoch < promised,
                _ => false,
            }
        })
    }

    /// The requests that may be served next: of each writer the first, and those that are held.
    fn servable(&self) -> Vec<(usize, usize)> {
        let of_seat = |(s, seat): (usize, &Arc<Seat>)| {
            let waits = |n: &usize| seat.flights[*n].is_some();
            let first = (0..3).filter(waits).find(|n| !seat.held[*n]);
            let held = (0..3).filter(waits).filter(|n| seat.held[*n]);
            first.into_iter().chain(held).map(|n| (s, n)).collect::<Vec<_>>()
        };
        self.seats.iter().enumerate().flat_map(of_seat).collect()
    }

    fn actions_of_request(
        &self,
        (s, n): (usize, usize),
        (call, info): (&Call, Option<RequestInfo>),
        actions: &mut Vec<Action>,
    ) {
        let Bounds { losses, late, crashes, holds, .. } = self.bounds;
        actions.push(Action::Serve(s, n));
        if holds > 0 && !self.seats[s].held[n] {
            actions.push(Action::Hold(s, n));
        }
        if losses > 0 {
            actions.extend([Action::LoseRequest(s, n), Action::LoseAnswer(s, n)]);
        }
        if late > 0 {
            actions.extend([Action::Delay(s, n), Action::Duplicate(s, n)]);
        }
        if losses == 0 && crashes == 0 {
            return;
        }
        let (durable, fetches) = self.nodes[n].looks_at(call, info);
        if fetches && losses > 0 {
            actions.push(Action::FailFetch(s, n));
        }
        if crashes > 0 {
            for behind in 0..=durable {
                actions.push(Action::CrashBehind(s, n, behind, Crash::Kill));
                actions.push(Action::CrashBehind(s, n, behind, Crash::PowerCut));
            }
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Open(s) => {
                let news = self.seat(s, |seat, fenced| seat.open(fenced));
                self.hear(&news);
            }
            Action::Serve(s, n) => self.serve(s, n),
            Action::Hold(s, n) => {
                self.bounds.holds -= 1;
                Arc::make_mut(&mut self.seats[s]).held[n] = true;
            }
            Action::LoseRequest(s, n) => {
                self.bounds.losses -= 1;
                self.give_up(s, n);
            }
            Action::LoseAnswer(s, n) => {
                self.bounds.losses -= 1;
                if let Some((call, info)) = self.request(s, n) {
                    self.change(n, |node, served| drop(node.serve(&call, info, served)));
                }
                self.give_up(s, n);
            }
            Action::FailFetch(s, n) => {
                self.bounds.losses -= 1;
                self.serve_with(s, n, true);
            }
            Action::Delay(s, n) => {
                self.stray(s, n);
                self.give_up(s, n);
            }
            Action::Duplicate(s, n) => self.stray(s, n),
            Action::Stray(at) => {
                let Stray { node, call, info } = self.strays.remove(at);
                self.change(node, |node, served| drop(node.serve(&call, info, served)));
            }
            Action::Crash(n, crash) => {
                self.bounds.crashes -= 1;
                self.change(n, |node, _| node.restart(crash));
            }
            Action::CrashBehind(s, n, durable, crash) => {
                self.bounds.crashes -= 1;
                if let Some((call, info)) = self.request(s, n) {
                    self.change(n, |node, served| {
                        node.crash_behind(durable, crash, (&call, info), served);
                    });
                }
                self.give_up(s, n);
            }
        }
        self.oracle.look_at(self.nodes.iter().map(AsRef::as_ref));
        let crashed = matches!(action, Action::Crash(..) | Action::CrashBehind(..));
        if crashed || self.is_quiet() {
            let broken = (0..=3).find_map(|down| self.broken_by_a_new_writer(down));
            broken.into_iter().for_each(|broken| self.oracle.complain(broken));
        }
    }

    fn serve(&mut self, s: usize, n: usize) {
        self.serve_with(s, n, false);
    }

    fn serve_with(&mut self, s: usize, n: usize, no_peer: bool) {
        let Some((call, info)) = self.request(s, n) else { return };
        let mut answer = None;
        self.change(n, |node, served| {
            let served = |fetch: &_| if no_peer { None } else { served(fetch) };
            answer = Some(node.serve(&call, info, &served));
        });
        if let Some(answer) = answer {
            self.answer(s, n, answer);
        }
    }

    fn answer(&mut self, s: usize, n: usize, answer: Result<Answer, NodeFailure>) {
        let news = self.seat(s, |seat, fenced| seat.answer(n, answer, fenced));
        self.hear(&news);
    }

    /// The writer hears that the connection broke.
    fn give_up(&mut self, s: usize, n: usize) {
        let unanswered = NodeFailure::Unanswered { reason: String::new() };
        self.answer(s, n, Err(unanswered));
    }

    fn stray(&mut self, s: usize, node: usize) {
        self.bounds.late -= 1;
        if let Some((call, info)) = self.request(s, node) {
            self.strays.push(Stray { node, call, info });
        }
    }

    fn request(&self, s: usize, n: usize) -> Option<(Call, Option<RequestInfo>)> {
        self.seats[s].flights[n].clone()
    }

    fn change(&mut self, n: usize, change: impl FnOnce(&mut Node, super::node::Served<'_>)) {
        let nodes = self.nodes.clone();
        let served = |fetch: &crate::engine::Fetch| -> Option<Log> {
            let peer = nodes.iter().find(|peer| peer.name == fetch.url)?;
            peer.log_of(fetch.segment.start).cloned()
        };
        change(Arc::make_mut(&mut self.nodes[n]), &served);
        self.oracle.compare_epochs(&nodes[n], &self.nodes[n]);
    }

    fn seat(
        &mut self,
        s: usize,
        change: impl FnOnce(&mut Seat, &dyn Fn(Epoch) -> bool) -> Vec<News>,
    ) -> Vec<News> {
        let fenced = |epoch| is_fenced(self.nodes.iter().map(AsRef::as_ref), epoch);
        change(Arc::make_mut(&mut self.seats[s]), &fenced)
    }

    fn hear(&mut self, news: &[News]) {
        news.iter().for_each(|news| self.oracle.hear(news));
    }

    pub(super) fn is_quiet(&self) -> bool {
        let idle = |seat: &Arc<Seat>| seat.flights.iter().all(Option::is_none);
        self.strays.is_empty() && self.seats.iter().all(idle)
    }

    /// What is broken by a writer that comes now and finds all nodes but this one: it must get
    /// to the end of its recovery, and keep what was promised to those before it.
    fn broken_by_a_new_writer(&self, down: usize) -> Option<Broken> {
        let mut world = self.clone();
        let wishes = Wishes { segments: 0, ..self.bounds.wishes };
        world.seats = vec![Arc::new(Seat::new(u8::MAX, wishes))];
        let news = world.seat(0, |seat, fenced| seat.open(fenced));
        world.hear(&news);
        let up = |n: &usize| *n != down;
        while let Some(n) = (0..3).filter(up).find(|n| world.request(0, *n).is_some()) {
            world.serve(0, n);
        }
        world.oracle.look_at(world.nodes.iter().map(AsRef::as_ref));
        let recovered = world.seats[0].writer.status().phase == Phase::Streaming;
        world.oracle.broken.or((!recovered).then_some(Broken::NoRecovery))
    }

    /// Some node took a peer's copy of a segment.
    pub(super) fn has_fetched(&self) -> bool {
        self.nodes.iter().any(|node| node.has_fetched)
    }

    pub(super) fn is_broken(&self, broken: Broken) -> bool {
        self.oracle.broken == Some(broken)
    }
}
