use std::time::Duration;

use bytes::Bytes;

use super::node::{Fencing, NameNode, Node, TIMEOUT, own};
use crate::engine::{
    Answer, Breadcrumb, Call, CallNo, Command, Event, FenceOutcome, LockFault, Mutant, OwnerId,
    RequestNo, SessionEvent, SessionNo, Time, Timer,
};
use crate::types::Health;

/// How many of each may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Faults {
    /// A node loses its connection for longer than its session.
    pub(super) late: u8,
    /// A whole process stands still for longer than its session.
    pub(super) stalls: u8,
    /// The answer of the lock service is lost.
    pub(super) losses: u8,
    /// Fencing fails.
    pub(super) unfenced: u8,
    /// Fencing kills the NameNode instead of making it standby.
    pub(super) kills: u8,
    /// A controller starts anew.
    pub(super) crashes: u8,
    /// A controller is asked to cede.
    pub(super) cedes: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    FromLock(usize),
    FromNameNode(usize),
    Report(usize),
    FenceHits(usize),
    FenceKills(usize),
    FenceEnds(usize),
    FenceFails(usize),
    Ring(usize, Timer),
    CutOff(usize),
    Stall(usize),
    Expire(usize),
    ExpireOrphan,
    LoseAnswer(usize),
    Crash(usize),
    Cede(usize),
}

/// Two nodes and what they share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    nodes: [Node; 2],
    lock: Option<(i64, Bytes)>,
    breadcrumb: Option<(Bytes, i32)>,
    last_session: i64,
    /// The session of a controller that crashed.
    orphan: Option<i64>,
    faults: Faults,
    mutant: Option<Mutant>,
    last_active: Option<usize>,
    pub(super) takeovers: u8,
    pub(super) promoted_unnamed: bool,
    pub(super) deleted_wrongly: bool,
    pub(super) exited: bool,
}

impl World {
    pub(super) fn new(faults: Faults, mutant: Option<Mutant>) -> Self {
        let start = Time::from_start(Duration::from_secs(100));
        let mut world = Self {
            nodes: [0, 1].map(|index| Node::new(index, mutant, start, NameNode::Standby)),
            lock: None,
            breadcrumb: None,
            last_session: 0,
            orphan: None,
            faults,
            mutant,
            last_active: None,
            takeovers: 0,
            promoted_unnamed: false,
            deleted_wrongly: false,
            exited: false,
        };
        world.open(0, SessionNo::FIRST);
        world.open(1, SessionNo::FIRST);
        world
    }

    pub(super) fn actives(&self) -> usize {
        self.nodes.iter().filter(|node| node.namenode == NameNode::Active).count()
    }

    pub(super) fn lock_is_whole(&self) -> bool {
        let Some((owner, data)) = &self.lock else { return true };
        self.orphan == Some(*owner)
            || (0..2).any(|n| {
                self.nodes[n].session.is_some_and(|(_, id)| id == *owner)
                    && own(n).encode() == *data
            })
    }

    pub(super) fn is_quiet(&self) -> bool {
        let idle = self.orphan.is_none() && self.nodes.iter().all(Node::is_quiet);
        idle && (0..2).all(|n| self.nodes[n].report().is_none() || self.ignores_report(n))
    }

    /// Checks go on for ever; one that changes nothing is rest.
    fn ignores_report(&self, n: usize) -> bool {
        let mut after = self.clone();
        after.act(Action::Report(n));
        after == *self
    }

    /// The holder of the lock has the one active NameNode.
    pub(super) fn is_served(&self) -> bool {
        self.nodes.iter().any(|node| {
            let holds =
                self.lock.as_ref().map(|(owner, _)| *owner) == node.session.map(|(_, id)| id);
            holds && self.lock.is_some() && node.namenode == NameNode::Active
        })
    }

    pub(super) fn actions(&self, actions: &mut Vec<Action>) {
        if self.orphan.is_some() {
            actions.push(Action::ExpireOrphan);
        }
        for (n, node) in self.nodes.iter().enumerate() {
            let mut may = |possible: bool, action| {
                if possible {
                    actions.push(action);
                }
            };
            let unhit = node.fencing.is_some_and(|fencing| !fencing.hit);
            may(!node.from_lock.is_empty(), Action::FromLock(n));
            may(!node.from_namenode.is_empty(), Action::FromNameNode(n));
            may(node.report().is_some(), Action::Report(n));
            may(unhit, Action::FenceHits(n));
            may(unhit && self.faults.kills > 0, Action::FenceKills(n));
            may(unhit && self.faults.unfenced > 0, Action::FenceFails(n));
            may(node.fencing.is_some_and(|fencing| fencing.hit), Action::FenceEnds(n));
            may(node.session.is_some() && self.faults.late > 0, Action::CutOff(n));
            may(node.session.is_some() && self.faults.stalls > 0, Action::Stall(n));
            may(node.may_expire(), Action::Expire(n));
            let answer = matches!(node.from_lock.front(), Some((_, Event::Answered(..))));
            may(answer && self.faults.losses > 0, Action::LoseAnswer(n));
            may(self.orphan.is_none() && self.faults.crashes > 0, Action::Crash(n));
            may(self.faults.cedes > 0, Action::Cede(n));
            for timer in node.timers.keys() {
                actions.push(Action::Ring(n, *timer));
            }
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::FromLock(n) => {
                if let Some((at, event)) = self.nodes[n].from_lock.pop_front() {
                    self.contact(n, at);
                    self.step(n, event);
                }
            }
            Action::FromNameNode(n) => {
                if let Some(event) = self.nodes[n].from_namenode.pop_front() {
                    self.step(n, event);
                }
            }
            Action::Report(n) => {
                if let Some(state) = self.nodes[n].report() {
                    self.step(n, Event::Reported(state));
                }
            }
            Action::FenceHits(n) => self.hit(n, NameNode::Standby),
            Action::FenceKills(n) => {
                self.faults.kills -= 1;
                self.hit(n, NameNode::Dead);
            }
            Action::FenceEnds(n) => {
                self.end_fencing(n, FenceOutcome::Fenced { by: "model".to_owned() });
            }
            Action::FenceFails(n) => {
                self.faults.unfenced -= 1;
                self.end_fencing(n, FenceOutcome::Failed("model".to_owned()));
            }
            Action::Ring(n, timer) => self.ring(n, timer),
            Action::CutOff(n) => self.cut_off(n),
            Action::Stall(n) => {
                self.faults.stalls -= 1;
                self.nodes[n].clock = self.nodes[n].clock.after(TIMEOUT);
                self.step(n, Event::Tick);
            }
            Action::Expire(n) => self.expire(n),
            Action::ExpireOrphan => {
                if let Some(session) = self.orphan.take() {
                    self.end_session(session);
                }
            }
            Action::LoseAnswer(n) => self.lose_answer(n),
            Action::Crash(n) => self.crash(n),
            Action::Cede(n) => {
                self.faults.cedes -= 1;
                let (request, caller) = (RequestNo(0), String::new());
                self.step(n, Event::CedeActive { request, period_ms: 10_000, caller });
            }
        }
    }

    fn step(&mut self, n: usize, event: Event) {
        let node = &mut self.nodes[n];
        let step = node.controller.step(node.clock, event);
        for command in step.commands {
            self.execute(n, command);
        }
    }

    fn contact(&mut self, n: usize, at: Time) {
        if let Some((session, _)) = self.nodes[n].session {
            self.step(n, Event::Contact { session, at });
        }
    }

    fn execute(&mut self, n: usize, command: Command) {
        match command {
            Command::OpenSession(no) => self.open(n, no),
            Command::CloseSession(no) => {
                let closed = self.nodes[n].session.take_if(|(known, _)| *known == no);
                if let Some((_, id)) = closed {
                    self.end_session(id);
                }
                self.nodes[n].watches = false;
                self.nodes[n].from_lock.clear();
            }
            Command::Call(call, asked) => self.ask(n, call, asked),
            Command::AbortFence(_) => self.nodes[n].fencing = None,
            Command::SetTimer(timer, at) => {
                self.nodes[n].timers.insert(timer, at);
            }
            Command::Exit { .. } => self.exited = true,
            Command::DetachSession(_) | Command::DumpStacks | Command::Reply(..) => {}
        }
    }

    fn open(&mut self, n: usize, no: SessionNo) {
        self.last_session += 1;
        let (id, clock) = (self.last_session, self.nodes[n].clock);
        self.nodes[n].session = Some((no, id));
        self.nodes[n].heard = clock;
        let opened = Event::SessionOpened {
            session: no,
            owner: OwnerId(id),
            timeout: TIMEOUT,
            contact: clock,
            resumed: false,
        };
        self.nodes[n].from_lock.push_back((clock, opened));
    }

    fn ask(&mut self, n: usize, call: CallNo, asked: Call) {
        let alive = self.nodes[n].session.map(|(_, id)| id);
        let expired = LockFault::SessionExpired;
        let answer = match asked {
            Call::TransitionToActive => return self.tell(n, call, NameNode::Active),
            Call::TransitionToStandby => return self.tell(n, call, NameNode::Standby),
            Call::Fence { .. } => {
                self.nodes[n].fencing = Some(Fencing { call, hit: false });
                return;
            }
            Call::CreateLock(_, data) => Answer::LockCreated(match (alive, &self.lock) {
                (None, _) => Err(expired),
                (_, Some(_)) => Err(LockFault::NodeExists),
                (Some(id), None) => {
                    self.lock = Some((id, data));
                    Ok(())
                }
            }),
            Call::StatLock(_) => Answer::LockOwner(alive.ok_or(expired).map(|_| {
                self.nodes[n].watches = true;
                self.lock.as_ref().map(|(owner, _)| OwnerId(*owner))
            })),
            Call::ReadBreadcrumb(_) => Answer::Breadcrumb(alive.ok_or(expired).map(|_| {
                let known = self.breadcrumb.clone();
                known.map(|(data, version)| Breadcrumb { data, version })
            })),
            Call::WriteBreadcrumb { data, expected, .. } => {
                Answer::BreadcrumbWritten(alive.ok_or(expired).and_then(|_| {
                    let version = self.breadcrumb.as_ref().map(|(_, version)| *version);
                    if version != expected {
                        return Err(LockFault::BadVersion);
                    }
                    self.breadcrumb = Some((data, version.map_or(0, |version| version + 1)));
                    Ok(())
                }))
            }
            Call::DeleteBreadcrumb { version, .. } => {
                Answer::BreadcrumbDeleted(alive.ok_or(expired).and_then(|_| {
                    if self.breadcrumb.as_ref().is_none_or(|(_, known)| *known != version) {
                        return Err(LockFault::BadVersion);
                    }
                    let deleted = self.breadcrumb.take();
                    let ours = deleted.is_some_and(|(data, _)| data == own(n).encode());
                    let active = self.nodes[n].namenode == NameNode::Active;
                    self.deleted_wrongly |= active || !ours;
                    Ok(())
                }))
            }
            Call::ReadLock(_) | Call::CedeActive { .. } => return,
        };
        let clock = self.nodes[n].clock;
        if alive.is_some() {
            self.nodes[n].heard = clock;
        }
        self.nodes[n].from_lock.push_back((clock, Event::Answered(call, answer)));
    }

    fn tell(&mut self, n: usize, call: CallNo, to: NameNode) {
        let told = if self.nodes[n].namenode == NameNode::Dead {
            Err("dead".to_owned())
        } else {
            self.nodes[n].namenode = to;
            Ok(())
        };
        if to == NameNode::Active && told.is_ok() {
            let names_it = |(data, _): &(Bytes, i32)| own(n).encode() == *data;
            self.promoted_unnamed |= !self.breadcrumb.as_ref().is_some_and(names_it);
            if self.last_active.replace(n) == Some(1 - n) {
                self.takeovers = self.takeovers.saturating_add(1);
            }
        }
        self.nodes[n].from_namenode.push_back(Event::Answered(call, Answer::Transition(told)));
    }

    fn end_session(&mut self, id: i64) {
        if self.lock.take_if(|(owner, _)| *owner == id).is_none() {
            return;
        }
        for node in &mut self.nodes {
            if let Some((no, _)) = node.session.filter(|(_, own)| *own != id)
                && std::mem::take(&mut node.watches)
            {
                let event = Event::Session(no, SessionEvent::LockDeleted);
                node.from_lock.push_back((node.clock, event));
            }
        }
    }

    fn expire(&mut self, n: usize) {
        if let Some((no, id)) = self.nodes[n].session.take() {
            self.end_session(id);
            let heard = self.nodes[n].heard;
            let event = Event::Session(no, SessionEvent::Expired);
            self.nodes[n].from_lock.push_back((heard, event));
            self.nodes[n].watches = false;
        }
    }

    fn hit(&mut self, n: usize, to: NameNode) {
        if let Some(fencing) = &mut self.nodes[n].fencing {
            fencing.hit = true;
        }
        let old = &mut self.nodes[1 - n];
        if old.namenode == NameNode::Dead {
            return;
        }
        old.namenode = to;
        if to == NameNode::Dead {
            old.from_namenode.push_back(Event::Health(Health::NotResponding));
        }
    }

    fn end_fencing(&mut self, n: usize, outcome: FenceOutcome) {
        if let Some(Fencing { call, .. }) = self.nodes[n].fencing.take() {
            self.step(n, Event::Answered(call, Answer::Fence(outcome)));
        }
    }

    /// While a session is connected, time does not pass without a word of the ensemble.
    fn ring(&mut self, n: usize, timer: Timer) {
        let node = &mut self.nodes[n];
        let Some(due) = node.timers.remove(&timer) else { return };
        while node.clock < due {
            node.clock = node.clock.after(TIMEOUT / 5).min(due);
            if node.session.is_some() {
                node.heard = node.clock;
            }
            node.controller.step(node.clock, Event::Tick);
        }
        let clock = node.clock;
        self.contact(n, clock);
        self.step(n, Event::Timer(timer));
    }

    fn cut_off(&mut self, n: usize) {
        self.faults.late -= 1;
        let Some((no, _)) = self.nodes[n].session else { return };
        for _ in 0..5 {
            self.nodes[n].clock = self.nodes[n].clock.after(TIMEOUT / 5);
            self.step(n, Event::Tick);
        }
        let heard = self.nodes[n].heard;
        let back = Event::Session(no, SessionEvent::Connected);
        self.nodes[n].from_lock.push_back((heard, back));
    }

    fn lose_answer(&mut self, n: usize) {
        self.faults.losses -= 1;
        let Some((at, Event::Answered(call, answer))) = self.nodes[n].from_lock.pop_front() else {
            return;
        };
        let lost = LockFault::ConnectionLoss;
        let answer = match answer {
            Answer::LockCreated(_) => Answer::LockCreated(Err(lost)),
            Answer::LockOwner(_) => Answer::LockOwner(Err(lost)),
            Answer::Breadcrumb(_) => Answer::Breadcrumb(Err(lost)),
            Answer::BreadcrumbWritten(_) => Answer::BreadcrumbWritten(Err(lost)),
            other => other,
        };
        self.contact(n, at);
        self.step(n, Event::Answered(call, answer));
    }

    fn crash(&mut self, n: usize) {
        self.faults.crashes -= 1;
        let old = &self.nodes[n];
        self.orphan = old.session.map(|(_, id)| id);
        self.nodes[n] = Node::new(n, self.mutant, old.clock, old.namenode);
        self.open(n, SessionNo::FIRST);
    }
}
