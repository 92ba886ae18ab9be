use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use super::Controller;
use crate::engine::{Answer, Call, CallNo, Fault, LockFault, Reason, Refusal, RequestNo, Timer};
use crate::types::{ActiveNode, Health, NameNodeId, ServiceState};

/// A graceful failover to this node. Who asks while one runs gets its answer too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Graceful {
    requests: Vec<RequestNo>,
    phase: Phase,
    /// Who was asked to cede, in order: they are all told to come back.
    asked: Vec<Asked>,
    /// How the newest attempt ended since the first of them was asked.
    attempt: Option<Result<(), String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    peer: NameNodeId,
    zkfc_port: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Phase {
    OpeningSession,
    Reading(CallNo),
    CedingPeers { active: ActiveNode, waiting: BTreeMap<CallNo, NameNodeId> },
    CedingActive { active: NameNodeId, call: CallNo },
    Waiting,
}

impl Controller {
    /// `gracefulFailover`: make the own NameNode active.
    pub(super) fn fail_over(&mut self, request: RequestNo, caller: String) {
        self.say(Reason::FailoverAsked { caller });
        if let Some(refusal) = self.refuse_failover() {
            return self.reply(request, Err(refusal));
        }
        if let Some(graceful) = &mut self.graceful {
            return graceful.requests.push(request);
        }
        let (phase, asked) = (Phase::OpeningSession, Vec::new());
        self.graceful = Some(Graceful { requests: vec![request], phase, asked, attempt: None });
        self.set_timer(Timer::Graceful, self.now.after(self.failover_limit()));
        if self.elector.session.is_none() {
            self.cancel_timer(Timer::Reopen);
            self.open_session();
        }
        self.failover_may_read();
    }

    fn refuse_failover(&self) -> Option<Refusal> {
        let node = self.settings.own.id.clone();
        if self.stopping.is_some() {
            Some(Refusal::Stopping(node))
        } else if self.paused {
            Some(Refusal::Paused(node))
        } else if self.health != Health::Healthy {
            Some(Refusal::NotHealthy { node, health: self.health })
        } else if self.service_state == ServiceState::Observer {
            Some(Refusal::Observer(node))
        } else {
            None
        }
    }

    /// Reads the lock as soon as there is a session.
    pub(super) fn failover_may_read(&mut self) {
        let Some(session) = self.elector.open_no() else { return };
        if !matches!(&self.graceful, Some(Graceful { phase: Phase::OpeningSession, .. })) {
            return;
        }
        let call = self.call(Call::ReadLock(session));
        self.set_phase(Phase::Reading(call));
    }

    pub(super) fn failover_cannot_read(&mut self, fault: &LockFault) {
        if matches!(&self.graceful, Some(Graceful { phase: Phase::OpeningSession, .. })) {
            self.end_failover(Err(Refusal::LockUnreadable(fault.to_string())));
        }
    }

    /// The session is closed, and the answer will never come.
    pub(super) fn failover_reads_again(&mut self) {
        if matches!(&self.graceful, Some(Graceful { phase: Phase::Reading(_), .. })) {
            self.set_phase(Phase::OpeningSession);
        }
    }

    fn failover_limit(&self) -> Duration {
        self.settings.cede_period() + self.settings.new_active_timeout
    }

    pub(super) fn failover_not_healthy(&mut self) {
        let (node, health) = (self.settings.own.id.clone(), self.health);
        self.end_failover(Err(Refusal::NotHealthy { node, health }));
    }

    fn set_phase(&mut self, phase: Phase) {
        if let Some(graceful) = &mut self.graceful {
            graceful.phase = phase;
        }
    }

    pub(super) fn graceful_answered(&mut self, call: CallNo, answer: &Answer) -> bool {
        let Some(graceful) = &mut self.graceful else { return false };
        match (&mut graceful.phase, answer) {
            (Phase::Reading(waited), Answer::LockData(result)) if *waited == call => {
                self.lock_read(result.clone());
            }
            (Phase::CedingPeers { waiting, .. }, Answer::Ceded(result)) => {
                let Some(peer) = waiting.remove(&call) else { return false };
                let all = waiting.is_empty();
                if let Err(fault) = result {
                    self.say(Reason::PeerNotCeded { peer, why: fault.to_string() });
                }
                if all {
                    self.ask_active();
                }
            }
            (Phase::CedingActive { active, call: waited }, Answer::Ceded(result))
                if *waited == call =>
            {
                let active = active.clone();
                self.active_answered(active, result.clone());
            }
            _ => return false,
        }
        true
    }

    fn lock_read(&mut self, result: Result<Option<Bytes>, LockFault>) {
        let decoded = match result {
            Err(fault) => Err(Refusal::LockUnreadable(fault.to_string())),
            Ok(None) => Err(Refusal::NobodyActive),
            Ok(Some(data)) => {
                ActiveNode::decode(&data).map_err(|bad| Refusal::BadLock(bad.to_string()))
            }
        };
        match decoded {
            Err(refusal) => self.end_failover(Err(refusal)),
            Ok(node) if node.id == self.settings.own.id => {
                self.say(Reason::FailoverNotNeeded);
                self.end_failover(Ok(()));
            }
            Ok(node) if !self.settings.peers.contains(&node.id) => {
                let text = format!("{node} is not configured");
                self.end_failover(Err(Refusal::BadLock(text)));
            }
            Ok(active) => self.ask_peers(active),
        }
    }

    /// Java asks one controller after the other and gives up at the first that is down, even an
    /// observer's. Here only the active's must answer; the others are asked at the same time,
    /// and not waited for any longer than a NameNode would be.
    fn ask_peers(&mut self, active: ActiveNode) {
        let others: Vec<NameNodeId> =
            self.settings.peers.iter().filter(|peer| **peer != active.id).cloned().collect();
        let (active_id, count) = (active.id.clone(), others.len());
        self.say(Reason::AskingToCede { active: active_id, others: count });
        self.set_timer(Timer::Graceful, self.now.after(self.failover_limit()));
        let mut waiting = BTreeMap::new();
        for peer in others {
            let call = self.ask_to_cede(Asked { peer: peer.clone(), zkfc_port: None });
            waiting.insert(call, peer);
        }
        self.set_phase(Phase::CedingPeers { active, waiting });
        if count == 0 {
            return self.ask_active();
        }
        let bound = self.settings.graceful_fence_timeout;
        self.set_timer(Timer::CedePeers, self.now.after(bound));
    }

    fn ask_to_cede(&mut self, asked: Asked) -> CallNo {
        let Asked { peer, zkfc_port } = asked.clone();
        if let Some(graceful) = &mut self.graceful {
            graceful.asked.push(asked);
        }
        let period_ms = i32::try_from(self.settings.cede_period().as_millis()).unwrap_or(i32::MAX);
        self.call(Call::CedeActive { peer, zkfc_port, period_ms })
    }

    pub(super) fn stop_waiting_for_peers(&mut self) {
        let Some(Graceful { phase: Phase::CedingPeers { waiting, .. }, .. }) = &self.graceful
        else {
            return;
        };
        for peer in waiting.values().cloned().collect::<Vec<_>>() {
            let why = "no answer in time".to_owned();
            self.say(Reason::PeerNotCeded { peer, why });
        }
        self.ask_active();
    }

    fn ask_active(&mut self) {
        self.cancel_timer(Timer::CedePeers);
        let Some(Graceful { phase: Phase::CedingPeers { active, .. }, .. }) = &self.graceful else {
            return;
        };
        let (active, zkfc_port) = (active.id.clone(), Some(active.zkfc_port));
        let call = self.ask_to_cede(Asked { peer: active.clone(), zkfc_port });
        self.set_phase(Phase::CedingActive { active, call });
        self.be_ready();
    }

    /// A person wants this node: what would keep it out for a while does not count.
    fn be_ready(&mut self) {
        if self.delay_until.take().is_some() && self.task.is_none() {
            self.recheck();
        }
        if self.cancel_timer(Timer::FlapGuard) {
            self.reach_for_lock();
        }
    }

    fn active_answered(&mut self, active: NameNodeId, result: Result<(), Fault>) {
        if let Err(fault) = result {
            return self.end_failover(Err(Refusal::NotCeded { peer: active, fault }));
        }
        self.say(Reason::ActiveCeded(active));
        self.set_phase(Phase::Waiting);
        if let Some(attempt) = self.graceful.as_mut().and_then(|graceful| graceful.attempt.take()) {
            self.attempt_ended(attempt);
        }
    }

    /// An activation ended, well or not.
    pub(super) fn attempt_ended(&mut self, result: Result<(), String>) {
        let Some(graceful) = &mut self.graceful else { return };
        match graceful.phase {
            Phase::Waiting => {
                let node = self.settings.own.id.clone();
                self.end_failover(result.map_err(|why| Refusal::NotActivated { node, why }));
            }
            Phase::CedingPeers { .. } | Phase::CedingActive { .. } => {
                graceful.attempt = Some(result);
            }
            Phase::OpeningSession | Phase::Reading(_) => {}
        }
    }

    pub(super) fn failover_timed_out(&mut self) {
        let after = self.failover_limit();
        let node = self.settings.own.id.clone();
        self.end_failover(Err(Refusal::TimedOut { node, after }));
    }

    /// Whoever ceded may come back, also after a failure: Java leaves them out for a while then.
    pub(super) fn end_failover(&mut self, result: Result<(), Refusal>) {
        let Some(graceful) = self.graceful.take() else { return };
        self.cancel_timer(Timer::CedePeers);
        self.cancel_timer(Timer::Graceful);
        self.say(Reason::FailoverEnded(result.clone().map_err(|refusal| refusal.to_string())));
        for Asked { peer, zkfc_port } in graceful.asked {
            self.call(Call::CedeActive { peer, zkfc_port, period_ms: -1 });
        }
        for request in graceful.requests {
            self.reply(request, result.clone());
        }
    }
}
