mod commands;
mod ended;
mod inputs;
mod parts;
mod standing;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout};
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, info, warn};

pub use self::ended::Ended;
pub use self::parts::Parts;
use self::standing::caller_of;
use super::clock::Clock;
use super::desk::Desk;
use super::input::{Input, Inputs};
use super::journal::Journal;
use super::namenodes::NameNodes;
use super::recorder::{Recorder, wall_ms};
use super::requests::Requests;
use super::sessions::Sessions;
use super::snapshot::Latest;
use super::timers::Timers;
use super::{Mailbox, successor};
use crate::engine::{CallNo, Controller, Event, Reason, SessionNo, Time};
use crate::ledger::Standing;
use crate::namenode::HealthReport;
use crate::types::ActiveNode;

/// The engine hears of the time so often in one session timeout, a third of which in silence it
/// takes for a stall.
const TICKS_PER_TIMEOUT: u32 = 8;
/// Longest wait for sessions to be closed and callers to be answered at the end.
const WIND_DOWN: Duration = Duration::from_millis(1500);

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
            // Its answer will never come: as for Java, there is no way to go on from there.
            Input::Died(what) => self.step(Event::HealthMonitorFailed(what)),
            Input::LockRead(owner) => self.latest.change(|snapshot| snapshot.lock_owner = owner),
            Input::Standing(standing) => self.standing_changed(standing),
            Input::Confirmed(word) => self.confirmed(word),
            Input::Unwritten(record) => self.desk.keep(record),
            Input::Reported(state) => self.step(Event::Reported(state)),
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
        if self.engine.status().connected {
            let session = self.sessions.current();
            self.desk.write(|| session.map(|(session, _)| session.ledger()));
        }
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
        if matches!(reason, Reason::Activating) {
            self.latest.change(|snapshot| snapshot.breadcrumb_written = Some(Instant::now()));
        }
        if let (Reason::Activated { .. }, Some((session, _))) = (reason, self.sessions.current()) {
            tokio::spawn(successor::mark(session, self.own.encode().into()));
        }
        let Some(timeline) = self.recorder.note(now, wall_ms(), reason) else { return };
        info!(namenode = %self.own.id, "{timeline}");
        self.desk.add(&timeline);
    }

    fn publish(&self) {
        self.latest.change(|snapshot| {
            snapshot.status = self.engine.status();
            snapshot.session = self.sessions.current();
            snapshot.note_failovers(&self.recorder);
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
