use std::time::Duration;

use bytes::Bytes;

use crate::engine::{
    Answer, Breadcrumb, Call, CallNo, Command, Controller, ElectorState, Event, FenceOutcome,
    LockFault, OwnerId, Reason, RequestNo, SessionEvent, SessionNo, Settings, Time, Timer,
};
use crate::types::{ActiveNode, Health, NameNodeId, ServiceState};

pub(super) const US: OwnerId = OwnerId(1);
pub(super) const OTHER: OwnerId = OwnerId(99);
pub(super) const SESSION_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn node(name: &str) -> ActiveNode {
    ActiveNode {
        id: NameNodeId::new("ns1", name),
        hostname: format!("{name}.example.com"),
        port: 8020,
        zkfc_port: 8019,
    }
}

pub(super) fn crumb(node: &ActiveNode, version: i32) -> Breadcrumb {
    Breadcrumb { data: Bytes::from(node.encode()), version }
}

/// A controller of nn1 with the peers nn2 and nn3, and what it last decided.
pub(super) struct Sim {
    pub(super) controller: Controller,
    pub(super) now: Time,
    /// What the last event led to, in short.
    pub(super) did: Vec<String>,
    pub(super) said: Vec<String>,
    pub(super) replies: Vec<(RequestNo, Result<(), String>)>,
    calls: Vec<(CallNo, Call)>,
    session: SessionNo,
}

impl Sim {
    pub(super) fn with(settings: Settings) -> Self {
        let mut sim = Self {
            controller: Controller::new(settings),
            now: Time::from_start(Duration::from_secs(1000)),
            did: Vec::new(),
            said: Vec::new(),
            replies: Vec::new(),
            calls: Vec::new(),
            session: SessionNo::FIRST,
        };
        sim.opened(false);
        sim
    }

    pub(super) fn settings() -> Settings {
        let peers = ["nn2", "nn3"].map(|name| node(name).id).to_vec();
        Settings::new(node("nn1"), peers)
    }

    /// INIT: a session, but not in the election.
    pub(super) fn init() -> Self {
        Self::with(Self::settings())
    }

    /// In the election; the lock is asked for.
    pub(super) fn joining() -> Self {
        let mut sim = Self::init();
        sim.joins();
        sim
    }

    pub(super) fn joins(&mut self) {
        self.on(Event::Reported(ServiceState::Standby));
        self.on(Event::Health(Health::Healthy));
    }

    pub(super) fn standby() -> Self {
        let mut sim = Self::joining();
        sim.created(Err(LockFault::NodeExists));
        sim.told(Ok(()));
        sim.owner(Ok(Some(OTHER)));
        assert_eq!(sim.state(), ElectorState::Standby);
        sim
    }

    pub(super) fn active() -> Self {
        let mut sim = Self::joining();
        sim.activates();
        sim
    }

    /// From a lock that is asked for to ACTIVE, with nobody to fence.
    pub(super) fn activates(&mut self) {
        self.created(Ok(()));
        self.crumb(Ok(None));
        self.wrote(Ok(()));
        self.told(Ok(()));
        self.owner(Ok(Some(US)));
        assert_eq!(self.state(), ElectorState::Active);
    }

    /// Disconnected from ZooKeeper as a standby.
    pub(super) fn neutral() -> Self {
        let mut sim = Self::standby();
        sim.session(SessionEvent::Disconnected);
        sim
    }

    /// The old active nn2 is being fenced.
    pub(super) fn fencing() -> Self {
        let mut sim = Self::joining();
        sim.created(Ok(()));
        sim.crumb(Ok(Some(crumb(&node("nn2"), 4))));
        assert_eq!(sim.did, ["fence ns1/nn2"]);
        sim
    }

    pub(super) fn promoting() -> Self {
        let mut sim = Self::joining();
        sim.created(Ok(()));
        sim.crumb(Ok(None));
        sim.wrote(Ok(()));
        assert_eq!(sim.did, ["to active"]);
        sim
    }

    pub(super) fn state(&self) -> ElectorState {
        self.controller.status().elector
    }

    pub(super) fn on(&mut self, event: Event) -> &mut Self {
        let step = self.controller.step(self.now, event);
        self.said = step.reasons.iter().map(Reason::to_string).collect();
        self.did.clear();
        for command in step.commands {
            self.note(command);
        }
        self
    }

    fn note(&mut self, command: Command) {
        let text = match command {
            Command::OpenSession(no) => {
                self.session = no;
                format!("open {}", no.0)
            }
            Command::CloseSession(no) => format!("close {}", no.0),
            Command::DetachSession(no) => format!("detach {}", no.0),
            Command::AbortFence(_) => "abort fence".to_owned(),
            Command::DumpStacks => "dump stacks".to_owned(),
            Command::SetTimer(timer, at) => {
                format!("{timer:?} in {} ms", at.since(self.now).as_millis())
            }
            Command::Reply(request, result) => {
                let result = result.map_err(|refusal| {
                    let class = refusal.java_class().rsplit('.').next().unwrap_or_default();
                    format!("{class}: {refusal}")
                });
                self.replies.push((request, result));
                "reply".to_owned()
            }
            Command::Exit { code, .. } => format!("exit {code}"),
            Command::Call(no, call) => {
                let text = short(&call);
                self.calls.push((no, call));
                text
            }
        };
        self.did.push(text);
    }

    fn answer(&mut self, wanted: &str, answer: Answer) -> &mut Self {
        let place = self.calls.iter().rposition(|(_, call)| short(call).starts_with(wanted));
        let place = place.unwrap_or_else(|| panic!("no {wanted} is waited for"));
        let (no, _) = self.calls.remove(place);
        self.on(Event::Answered(no, answer))
    }

    pub(super) fn opened(&mut self, resumed: bool) -> &mut Self {
        let event = Event::SessionOpened {
            session: self.session,
            owner: US,
            timeout: SESSION_TIMEOUT,
            contact: self.now,
            resumed,
        };
        self.on(event)
    }

    pub(super) fn not_opened(&mut self) -> &mut Self {
        let (session, fault) = (self.session, LockFault::ConnectionLoss);
        self.on(Event::SessionNotOpened { session, fault })
    }

    pub(super) fn session(&mut self, event: SessionEvent) -> &mut Self {
        self.on(Event::Session(self.session, event))
    }

    pub(super) fn contact(&mut self) -> &mut Self {
        self.on(Event::Contact { session: self.session, at: self.now })
    }

    pub(super) fn created(&mut self, result: Result<(), LockFault>) -> &mut Self {
        self.answer("create", Answer::LockCreated(result))
    }

    pub(super) fn owner(&mut self, result: Result<Option<OwnerId>, LockFault>) -> &mut Self {
        self.answer("stat", Answer::LockOwner(result))
    }

    pub(super) fn lock_data(&mut self, result: Result<Option<Bytes>, LockFault>) -> &mut Self {
        self.answer("read lock", Answer::LockData(result))
    }

    pub(super) fn crumb(&mut self, result: Result<Option<Breadcrumb>, LockFault>) -> &mut Self {
        self.answer("read crumb", Answer::Breadcrumb(result))
    }

    pub(super) fn wrote(&mut self, result: Result<(), LockFault>) -> &mut Self {
        self.answer("write crumb", Answer::BreadcrumbWritten(result))
    }

    pub(super) fn deleted(&mut self, result: Result<(), LockFault>) -> &mut Self {
        self.answer("delete crumb", Answer::BreadcrumbDeleted(result))
    }

    pub(super) fn fenced(&mut self, outcome: FenceOutcome) -> &mut Self {
        self.answer("fence", Answer::Fence(outcome))
    }

    pub(super) fn told(&mut self, result: Result<(), &str>) -> &mut Self {
        self.answer("to ", Answer::Transition(result.map_err(str::to_owned)))
    }

    /// Of the two calls to the NameNode that are waited for, the older.
    pub(super) fn answer_active(&mut self, result: Result<(), &str>) -> &mut Self {
        self.answer("to active", Answer::Transition(result.map_err(str::to_owned)))
    }

    pub(super) fn ceded(
        &mut self,
        peer: &str,
        result: Result<(), crate::engine::Fault>,
    ) -> &mut Self {
        self.answer(&format!("cede ns1/{peer}"), Answer::Ceded(result))
    }

    /// Time passes, with words of the ensemble, and then this timer rings.
    pub(super) fn rings(&mut self, timer: Timer, after: Duration) -> &mut Self {
        self.passes(after);
        self.on(Event::Timer(timer))
    }

    pub(super) fn passes(&mut self, time: Duration) -> &mut Self {
        let end = self.now.after(time);
        while self.now < end {
            self.now = self.now.after(Duration::from_secs(1)).min(end);
            self.contact();
        }
        self
    }

    /// Time passes without a word of the ensemble.
    pub(super) fn is_cut_off(&mut self, time: Duration) -> &mut Self {
        let end = self.now.after(time);
        while self.now < end {
            self.now = self.now.after(Duration::from_secs(1)).min(end);
            self.on(Event::Tick);
        }
        self
    }

    #[track_caller]
    pub(super) fn does<const N: usize>(&mut self, did: [&str; N]) -> &mut Self {
        assert_eq!(self.did, did, "said {:#?}", self.said);
        self
    }

    #[track_caller]
    pub(super) fn says(&mut self, text: &str) -> &mut Self {
        assert!(self.said.iter().any(|said| said.contains(text)), "{:#?}", self.said);
        self
    }

    #[track_caller]
    pub(super) fn is(&mut self, state: ElectorState) -> &mut Self {
        assert_eq!(self.state(), state);
        self
    }
}

fn short(call: &Call) -> String {
    match call {
        Call::CreateLock(..) => "create".to_owned(),
        Call::StatLock(_) => "stat".to_owned(),
        Call::ReadLock(_) => "read lock".to_owned(),
        Call::ReadBreadcrumb(_) => "read crumb".to_owned(),
        Call::WriteBreadcrumb { expected: None, .. } => "write crumb".to_owned(),
        Call::WriteBreadcrumb { expected: Some(version), .. } => format!("write crumb {version}"),
        Call::DeleteBreadcrumb { version, .. } => format!("delete crumb {version}"),
        Call::Fence { node, force_starting: false } => format!("fence {}", node.id),
        Call::Fence { node, force_starting: true } => format!("fence {} by force", node.id),
        Call::TransitionToActive => "to active".to_owned(),
        Call::TransitionToStandby => "to standby".to_owned(),
        Call::CedeActive { peer, period_ms, .. } => format!("cede {peer} {period_ms}"),
    }
}
