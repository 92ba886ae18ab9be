use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::engine::{CallNo, Controller, Event, Mutant, SessionNo, Settings, Time, Timer};
use crate::types::{ActiveNode, Health, NameNodeId, ServiceState};

pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// A controller, its NameNode, and what is on its way to them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) controller: Controller,
    pub(super) clock: Time,
    /// As the ensemble knows it.
    pub(super) session: Option<(SessionNo, i64)>,
    /// When the ensemble last heard of the session, by the clock of this node.
    pub(super) heard: Time,
    pub(super) watches: bool,
    pub(super) from_lock: VecDeque<(Time, Event)>,
    pub(super) from_namenode: VecDeque<Event>,
    pub(super) fencing: Option<Fencing>,
    pub(super) timers: BTreeMap<Timer, Time>,
    pub(super) namenode: NameNode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Fencing {
    pub(super) call: CallNo,
    pub(super) hit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum NameNode {
    Standby,
    Active,
    Dead,
}

impl Node {
    pub(super) fn new(index: usize, mutant: Option<Mutant>, clock: Time, is: NameNode) -> Self {
        let mut settings = Settings::new(own(index), vec![own(1 - index).id]);
        settings.mutant = mutant.or(settings.mutant);
        let (report, health) = match is {
            NameNode::Standby => (ServiceState::Standby, Health::Healthy),
            NameNode::Active => (ServiceState::Active, Health::Healthy),
            NameNode::Dead => (ServiceState::Initializing, Health::NotResponding),
        };
        Self {
            controller: Controller::new(settings),
            clock,
            session: None,
            heard: clock,
            watches: false,
            from_lock: VecDeque::new(),
            from_namenode: VecDeque::from([Event::Reported(report), Event::Health(health)]),
            fencing: None,
            timers: BTreeMap::new(),
            namenode: is,
        }
    }

    pub(super) fn may_expire(&self) -> bool {
        self.session.is_some() && self.clock.since(self.heard) >= TIMEOUT
    }

    /// What a check finds, where that differs from what the controller believes.
    pub(super) fn report(&self) -> Option<ServiceState> {
        let is = match self.namenode {
            NameNode::Standby => ServiceState::Standby,
            NameNode::Active => ServiceState::Active,
            NameNode::Dead => return None,
        };
        let status = self.controller.status();
        let told = status.service_state;
        let differs = told != is && told != ServiceState::Initializing;
        let awaited = told == ServiceState::Initializing && !status.in_election;
        let idle = self.from_namenode.is_empty() && self.timers.is_empty();
        (idle && (differs || awaited)).then_some(is)
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.from_lock.is_empty()
            && self.from_namenode.is_empty()
            && self.fencing.is_none()
            && self.timers.is_empty()
    }
}

pub(super) fn own(index: usize) -> ActiveNode {
    ActiveNode {
        id: NameNodeId::new("ns1", format!("nn{index}")),
        hostname: "h".to_owned(),
        port: 8020,
        zkfc_port: 8019,
    }
}
