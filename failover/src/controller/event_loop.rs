use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep_until, timeout};
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, info, warn};

use super::Mailbox;
use super::clock::Clock;
use super::desk::Desk;
use super::fencing::Fencing;
use super::input::{Ask, Input, Inputs, Requests};
use super::journal::Journal;
use super::lock_calls::LockCall;
use super::namenodes::NameNodes;
use super::recorder::{Recorder, wall_ms};
use super::sessions::Sessions;
use super::snapshot::Latest;
use super::timers::Timers;
use crate::engine::{
    Answer, Call, CallNo, Command, Controller, Event, OwnerId, Reason, Refusal, RequestNo,
    SessionNo, Settings, Time,
};
use crate::ledger::{Confirmation, Paused, Standing};
use crate::lock::{LockError, LockService, LockSession};
use crate::namenode::HealthReport;
use crate::types::ActiveNode;

/// The engine hears of the time so often in one session timeout; twice as often as it takes a
/// silence for a stall.
const TICKS_PER_TIMEOUT: u32 = 8;
/// Longest wait for sessions to be closed and callers to be answered at the end.
const WIND_DOWN: Duration = Duration::from_millis(1500);

/// What a controller is made of.
pub struct Parts {
    /// What the engine is told of the configuration.
    pub settings: Settings,
    /// Where sessions are opened.
    pub lock: Arc<dyn LockService>,
    /// The session that start-up opened.
    pub session: Arc<dyn LockSession>,
    /// The session timeout that is asked for: the pace while there is no session.
    pub session_timeout: Duration,
    /// The loop turns at least this often, if anybody counts on it.
    pub longest_turn: Option<Duration>,
    /// The NameNodes and their controllers.
    pub namenodes: NameNodes,
    /// The looks at the own NameNode.
    pub health: mpsc::Receiver<HealthReport>,
    /// Who paused the nameservice before this process started, if anybody.
    pub paused: Option<Paused>,
    /// End after so many failures to open a session in a row, as Java does; `None`: never.
    pub session_tries: Option<u32>,
}

/// Why a controller ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// 0 if it was asked to.
    pub code: u8,
    /// For the log.
    pub text: String,
}

/// The shell around the engine: it alone owns it, gives it what happens, one event after the
/// other, and carries out what it decides. Nothing is waited for in here: calls run in tasks of
/// their own and come back as events.
pub struct EventLoop {
    engine: Controller,
    clock: Clock,
    inputs: Inputs,
    received: mpsc::UnboundedReceiver<Input>,
    health: Option<mpsc::Receiver<HealthReport>>,
    sessions: Sessions,
    namenodes: Arc<NameNodes>,
    desk: Desk,
    calls: BTreeMap<CallNo, AbortOnDropHandle<()>>,
    dump: Option<AbortOnDropHandle<()>>,
    timers: Timers,
    requests: Requests,
    recorder: Recorder,
    journal: Journal,
    latest: Latest,
    own: ActiveNode,
    tick: Duration,
    longest_turn: Option<Duration>,
    ticked: Instant,
    session_tries: Option<u32>,
    failed_opens: u32,
    ended: Option<Ended>,
}

impl EventLoop {
    /// A controller that does nothing yet.
    pub fn new(parts: Parts, mailbox: Mailbox) -> Self {
        let Mailbox { inputs, received, latest } = mailbox;
        let own = parts.settings.own.clone();
        let engine = Controller::new(parts.settings);
        let start = parts.session.last_contact().min(Instant::now());
        // The queue is empty and its receiver is here.
        let _ = inputs.send(Input::Opened(SessionNo::FIRST, Ok(parts.session)));
        Self {
            engine,
            clock: Clock::starting_at(start),
            sessions: Sessions::new(parts.lock, inputs.clone()),
            inputs: inputs.clone(),
            received,
            health: Some(parts.health),
            namenodes: Arc::new(parts.namenodes),
            desk: Desk::new(inputs.clone(), Standing { paused: parts.paused, confirmation: None }),
            calls: BTreeMap::new(),
            dump: None,
            timers: Timers::default(),
            requests: Requests::default(),
            recorder: Recorder::new(own.id.clone(), own.hostname.clone()),
            journal: Journal { own: own.id.clone() },
            latest,
            own,
            tick: parts.session_timeout / TICKS_PER_TIMEOUT,
            longest_turn: parts.longest_turn,
            ticked: Instant::now(),
            session_tries: parts.session_tries,
            failed_opens: 0,
            ended: None,
        }
    }

    /// Runs until it is stopped or cannot go on. `turned` is called at each turn.
    pub async fn run(mut self, mut turned: impl FnMut()) -> Ended {
        if let Some(paused) = self.desk.standing.paused.clone() {
            self.step(Event::Pause { caller: caller_of(&paused) });
        }
        loop {
            if let Some(ended) = self.ended.take() {
                return self.wind_down(ended).await;
            }
            let input = self.next_input().await;
            turned();
            self.take(input);
        }
    }

    async fn next_input(&mut self) -> Input {
        let wake = self.next_wake();
        let health = async {
            match &mut self.health {
                Some(health) => health.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(input) = self.received.recv() => input,
            report = health => Input::Health(report),
            () = sleep_until(wake.into()) => Input::Woken,
        }
    }

    fn next_wake(&self) -> Instant {
        let pause = self.longest_turn.map_or(self.tick, |longest| longest.min(self.tick));
        let tick = self.ticked + pause;
        self.timers.next().map_or(tick, |timer| self.clock.instant(timer).min(tick))
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Opened(no, result) => self.session_opened(no, result),
            Input::Session(no, event) => self.step(Event::Session(no, event)),
            Input::Answered(call, answer, tried) => self.answered(call, answer, tried),
            Input::LockRead(owner) => self.latest.change(|snapshot| snapshot.lock_owner = owner),
            Input::Standing(standing) => self.standing_changed(standing),
            Input::Confirmed(word) => self.confirmed(word),
            Input::Health(report) => self.health_reported(report),
            Input::Asked(ask) => self.asked(ask),
            Input::Woken => self.woken(),
        }
    }

    /// One event, with what the ensemble has confirmed before it.
    fn step(&mut self, event: Event) {
        if let Some((session, at)) = self.sessions.new_contact() {
            let at = self.clock.at(at);
            self.step_with(Event::Contact { session, at });
        }
        self.step_with(event);
        self.publish();
        let session = self.sessions.current();
        self.desk.write(|| session.map(|(session, _)| session.ledger()));
        self.use_confirmation();
    }

    fn step_with(&mut self, event: Event) {
        let call = match &event {
            Event::Answered(call, _) => Some(*call),
            _ => None,
        };
        let now = self.clock.now();
        self.ticked = Instant::now();
        let step = self.engine.step(now, event);
        for reason in &step.reasons {
            self.note(now, call, reason);
        }
        for command in step.commands {
            self.carry_out(command);
        }
    }

    fn note(&mut self, now: Time, call: Option<CallNo>, reason: &Reason) {
        let session = match self.sessions.current() {
            Some((session, _)) => session.id().to_string(),
            None => "none".to_owned(),
        };
        self.journal.write(&session, call, reason);
        if let Reason::NotFenced { why, .. } | Reason::BadBreadcrumb { mismatch: why, .. } = reason
        {
            self.latest.change(|snapshot| snapshot.stuck_reason.clone_from(why));
        }
        let Some(timeline) = self.recorder.note(now, wall_ms(), reason) else { return };
        info!(namenode = %self.own.id, "{timeline}");
        self.desk.add(&timeline);
    }

    fn standing_changed(&mut self, standing: Standing) {
        let was_paused = self.desk.standing.paused.is_some();
        let paused = standing.paused.clone();
        self.desk.standing = standing;
        match paused {
            Some(paused) if !was_paused => {
                self.step(Event::Pause { caller: caller_of(&paused) });
            }
            None if was_paused => self.step(Event::Resume { caller: "the ledger".to_owned() }),
            _ => self.use_confirmation(),
        }
    }

    /// Only where it is needed: the word can be used once.
    fn use_confirmation(&mut self) {
        let Some(word) = &self.desk.standing.confirmation else { return };
        let stuck = self.engine.status().stuck;
        if stuck.is_some_and(|stuck| stuck.node.id == word.namenode)
            && let Some((session, _)) = self.sessions.current()
        {
            self.desk.take_confirmation(session.ledger());
        }
    }

    fn confirmed(&mut self, word: Confirmation) {
        let (reply, _) = oneshot::channel();
        let request = self.requests.add(reply);
        let caller = format!("{} ({})", word.by, word.why);
        self.step(Event::ConfirmFenced { request, node: word.namenode, caller });
    }

    fn publish(&self) {
        self.latest.change(|snapshot| {
            snapshot.status = self.engine.status();
            snapshot.session = self.sessions.current();
            snapshot.note_failovers(&self.recorder);
        });
    }

    fn session_opened(&mut self, no: SessionNo, result: Result<Arc<dyn LockSession>, LockError>) {
        match result {
            Ok(session) => {
                self.failed_opens = 0;
                let (owner, timeout) = (OwnerId(session.id().0), session.timeout());
                let contact = self.clock.at(session.last_contact());
                self.desk.follow(session.ledger());
                self.sessions.opened(no, session);
                self.tick = timeout / TICKS_PER_TIMEOUT;
                let resumed = false;
                self.step(Event::SessionOpened { session: no, owner, timeout, contact, resumed });
            }
            Err(error) => {
                self.sessions.not_opened(no);
                self.failed_opens += 1;
                let fault = super::faults::of_lock(error);
                self.step(Event::SessionNotOpened { session: no, fault });
                self.give_up_on_ensemble();
            }
        }
    }

    /// As Java ends, if that is wanted.
    fn give_up_on_ensemble(&mut self) {
        if self.session_tries.is_some_and(|tries| self.failed_opens >= tries.max(1)) {
            let text = format!("no session with ZooKeeper in {} attempts", self.failed_opens);
            self.ended = Some(Ended { code: 1, text });
        }
    }

    fn health_reported(&mut self, report: Option<HealthReport>) {
        let Some(report) = report else {
            self.health = None;
            let why = "the health monitor has ended".to_owned();
            return self.step(Event::HealthMonitorFailed(why));
        };
        self.latest.change(|snapshot| snapshot.health_reason = report.why);
        if let Some(state) = report.state {
            self.step(Event::Reported(state));
        }
        self.step(Event::Health(report.health));
    }

    fn asked(&mut self, ask: Ask) {
        let event = match ask {
            Ask::Cede { period_ms, caller, reply } => {
                Event::CedeActive { request: self.requests.add(reply), period_ms, caller }
            }
            Ask::Failover { caller, reply } => {
                Event::GracefulFailover { request: self.requests.add(reply), caller }
            }
            Ask::Confirm { node, caller, reply } => {
                Event::ConfirmFenced { request: self.requests.add(reply), node, caller }
            }
            Ask::Pause { caller } => Event::Pause { caller },
            Ask::Resume { caller } => Event::Resume { caller },
            Ask::Stop(stop) => Event::Stop(stop),
        };
        self.step(event);
    }

    fn woken(&mut self) {
        let now = self.clock.now();
        match self.timers.take_due(now) {
            Some(timer) => self.step(Event::Timer(timer)),
            None => self.step(Event::Tick),
        }
    }

    fn answered(&mut self, call: CallNo, answer: Answer, tried: Option<String>) {
        self.calls.remove(&call);
        if let Some(tried) = tried {
            self.recorder.note_fencing(tried);
        }
        match &answer {
            Answer::LockOwner(Ok(owner)) => self.look_at_holder(owner.is_some()),
            Answer::Breadcrumb(Ok(read)) => {
                self.desk.breadcrumb = read.as_ref().map(|breadcrumb| breadcrumb.version);
            }
            _ => {}
        }
        self.step(Event::Answered(call, answer));
    }

    /// For people only: who holds the lock.
    fn look_at_holder(&self, is_held: bool) {
        let inputs = self.inputs.clone();
        let Some((session, _)) = self.sessions.current().filter(|_| is_held) else {
            return self.latest.change(|snapshot| snapshot.lock_owner = None);
        };
        tokio::spawn(async move {
            if let Ok(data) = session.read_lock().await {
                let owner = data.and_then(|data| ActiveNode::decode(&data).ok());
                let _ = inputs.send(Input::LockRead(owner));
            }
        });
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::OpenSession(no) => self.sessions.start_opening(no),
            Command::CloseSession(no) => self.sessions.close(no),
            Command::DetachSession(no) => self.sessions.detach(no),
            Command::Call(no, call) => self.call(no, call),
            Command::AbortFence(call) => drop(self.calls.remove(&call)),
            Command::DumpStacks => self.dump_stacks(),
            Command::SetTimer(timer, at) => self.timers.set(timer, at),
            Command::Reply(request, result) => self.reply(request, result),
            Command::Exit { code, text } => self.ended = Some(Ended { code, text }),
        }
    }

    fn call(&mut self, no: CallNo, call: Call) {
        let namenodes = Arc::clone(&self.namenodes);
        match call {
            Call::CreateLock(session, data) => self.ask_lock(no, session, LockCall::Create(data)),
            Call::StatLock(session) => self.ask_lock(no, session, LockCall::Stat),
            Call::ReadLock(session) => self.ask_lock(no, session, LockCall::Read),
            Call::ReadBreadcrumb(session) => self.ask_lock(no, session, LockCall::ReadBreadcrumb),
            Call::WriteBreadcrumb { session, data, expected } => {
                self.ask_lock(no, session, LockCall::WriteBreadcrumb(data, expected));
            }
            Call::DeleteBreadcrumb { session, version } => {
                self.ask_lock(no, session, LockCall::DeleteBreadcrumb(version));
            }
            Call::Fence { node, force_starting } => self.spawn(no, async move {
                let (outcome, tried) = Fencing { namenodes, node, force_starting }.run().await;
                (Answer::Fence(outcome), Some(tried))
            }),
            Call::TransitionToActive => {
                let session = self.sessions.current().map(|(session, _)| session);
                self.spawn(no, async move { (namenodes.activate(session).await, None) });
            }
            Call::TransitionToStandby => {
                self.spawn(no, async move { (namenodes.stand_by().await, None) });
            }
            Call::CedeActive { peer, zkfc_port, period_ms } => self.spawn(no, async move {
                (namenodes.ask_to_cede(&peer, zkfc_port, period_ms).await, None)
            }),
        }
    }

    fn ask_lock(&mut self, no: CallNo, session: SessionNo, call: LockCall) {
        let found = self.sessions.find(session);
        self.spawn(no, async move {
            let answer = match found {
                Some(session) => call.run(session).await,
                None => call.without_session(),
            };
            (answer, None)
        });
    }

    fn spawn(
        &mut self,
        no: CallNo,
        call: impl Future<Output = (Answer, Option<String>)> + Send + 'static,
    ) {
        let inputs = self.inputs.clone();
        let task = tokio::spawn(async move {
            let (answer, tried) = call.await;
            let _ = inputs.send(Input::Answered(no, answer, tried));
        });
        self.calls.insert(no, AbortOnDropHandle::new(task));
    }

    fn dump_stacks(&mut self) {
        let is_running = self.dump.as_ref().is_some_and(|dump| !dump.is_finished());
        let Some(dump) = self.namenodes.thread_dump().filter(|_| !is_running) else { return };
        let task = tokio::spawn(async move { dump.log().await });
        self.dump = Some(AbortOnDropHandle::new(task));
    }

    /// Whoever asked to cede may count on the lock being free.
    fn reply(&mut self, request: RequestNo, result: Result<(), Refusal>) {
        let Some(reply) = self.requests.take(request) else { return };
        if !self.sessions.is_closing() {
            // A caller that has hung up needs no answer.
            return drop(reply.send(result));
        }
        let closed = self.sessions.closed();
        tokio::spawn(async move {
            closed.await;
            let _ = reply.send(result);
        });
    }

    async fn wind_down(mut self, ended: Ended) -> Ended {
        debug!("ending: {}", ended.text);
        // Fencing and transitions end here, with every process.
        self.calls.clear();
        if timeout(WIND_DOWN, self.sessions.closed()).await.is_err() {
            warn!("ZooKeeper did not confirm in time that the session is closed");
        }
        ended
    }
}

fn caller_of(paused: &Paused) -> String {
    match paused.why.as_str() {
        "" => paused.by.clone(),
        why => format!("{} ({why})", paused.by),
    }
}
