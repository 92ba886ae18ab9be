mod activation;
mod clearance;
mod demotion;
mod elector;
mod fencing;
mod graceful;
mod health;
mod lock;
mod maintenance;
mod output;
mod quit;
mod session;
mod stopping;
mod task;

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::Arc;

use bytes::Bytes;

use self::elector::{Elector, OpenSession};
use self::fencing::Fencing;
use self::graceful::Graceful;
use self::task::Task;
use super::{
    Answer, BackOff, CallNo, Command, Event, Reason, SessionEvent, Settings, Status, Step, Stop,
    Time, Timer,
};
use crate::types::{Health, ServiceState};

/// Everything that a failover controller decides (`ZKFailoverController` with its
/// `ActiveStandbyElector`).
///
/// What has the elector for itself is a task; while one runs, what Java's threads would wait
/// for its lock with waits here, in order. Loss of the session does not wait: it ends fencing
/// at once, and a NameNode that is becoming active is told to be standby as soon as it answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Controller {
    settings: Arc<Settings>,
    data: Bytes,
    now: Time,
    last_step: Option<Time>,
    out: Step,
    last_call: u64,
    last_session: u64,
    elector: Elector,
    task: Option<Task>,
    deferred: VecDeque<Event>,
    timers: BTreeMap<Timer, Time>,
    reopen: BackOff,
    lock_retry: BackOff,
    fencing: Fencing,
    activations: VecDeque<Time>,
    health: Health,
    service_state: ServiceState,
    reported: Option<ServiceState>,
    mismatched: bool,
    quit_on_bad_state: bool,
    delay_until: Option<Time>,
    graceful: Option<Graceful>,
    paused: bool,
    stopping: Option<Stop>,
    exited: bool,
}

impl Controller {
    /// A controller whose first session is being opened.
    pub fn new(settings: Settings) -> Self {
        Self {
            data: settings.own.encode().into(),
            settings: Arc::new(settings),
            now: Time::default(),
            last_step: None,
            out: Step::default(),
            last_call: 0,
            last_session: 0,
            elector: Elector::new(),
            task: None,
            deferred: VecDeque::new(),
            timers: BTreeMap::new(),
            reopen: BackOff::new(),
            lock_retry: BackOff::new(),
            fencing: Fencing::default(),
            activations: VecDeque::new(),
            health: Health::Initializing,
            service_state: ServiceState::Initializing,
            reported: None,
            mismatched: false,
            quit_on_bad_state: false,
            delay_until: None,
            graceful: None,
            paused: false,
            stopping: None,
            exited: false,
        }
    }

    /// What follows from an event that is taken at `now`.
    pub fn step(&mut self, now: Time, event: Event) -> Step {
        if self.exited {
            return Step::default();
        }
        self.now = self.now.max(now);
        self.notice_stall();
        self.last_step = Some(self.now);
        self.dump_if_sick(&event);
        self.take(event);
        self.go_on();
        mem::take(&mut self.out)
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        let open = self.elector.open();
        Status {
            elector: self.elector.state,
            in_election: self.elector.want,
            session: open.map(|open| open.owner),
            connected: open.is_some_and(|open| open.connected),
            health: self.health,
            service_state: self.service_state,
            reported: self.reported,
            delay_left: self.delay_until.map(|until| until.since(self.now)).unwrap_or_default(),
            paused: self.paused,
            stuck: self.fencing.stuck(self.now, self.settings.stuck_after),
            recent_activations: self.recent_activations(),
        }
    }

    fn take(&mut self, event: Event) {
        if self.task.is_some() && self.waits(&event) {
            self.deferred.push_back(event);
            return;
        }
        match event {
            Event::SessionOpened { session, owner, timeout, contact, resumed } => {
                let open = OpenSession { owner, timeout, contact, connected: true, resumed };
                self.session_opened(session, open);
            }
            Event::SessionNotOpened { session, fault } => self.session_not_opened(session, fault),
            Event::Contact { session, at } => self.note_contact(session, at),
            Event::Session(session, event) => self.session_event(session, event),
            Event::Answered(call, answer) => self.answered(call, answer),
            Event::Health(health) => self.take_health(health),
            Event::HealthMonitorFailed(why) => self.fail(why),
            Event::Reported(state) => self.take_report(state),
            Event::CedeActive { request, period_ms, caller } => {
                self.cede(request, period_ms, caller);
            }
            Event::GracefulFailover { request, caller } => self.fail_over(request, caller),
            Event::Timer(timer) => self.take_timer(timer),
            Event::Tick => {}
            Event::Pause { caller } => self.pause(caller),
            Event::Resume { caller } => self.resume(caller),
            Event::ConfirmFenced { request, node, caller } => self.confirm(request, node, caller),
            Event::Stop(stop) => self.stop(stop),
        }
    }

    /// At once, whatever else has to wait: what hangs now may be gone later.
    fn dump_if_sick(&mut self, event: &Event) {
        let sick = [Health::Unhealthy, Health::NotResponding];
        if matches!(event, Event::Health(health) if sick.contains(health)) {
            self.order(Command::DumpStacks);
        }
    }

    /// What Java's threads would wait for the elector's lock with.
    fn waits(&self, event: &Event) -> bool {
        match event {
            Event::Health(_) | Event::CedeActive { .. } => true,
            Event::Session(_, event) => {
                matches!(event, SessionEvent::LockDeleted | SessionEvent::LockChanged)
            }
            Event::Answered(call, _) => {
                [self.elector.create, self.elector.stat].contains(&Some(*call))
            }
            Event::Timer(timer) => matches!(
                timer,
                Timer::Recheck | Timer::Rejoin | Timer::RetryLock | Timer::FlapGuard
            ),
            _ => false,
        }
    }

    /// Takes what has waited, as far as nothing has the elector for itself again.
    fn go_on(&mut self) {
        while self.task.is_none() && !self.exited {
            if self.stopping.is_some() {
                return self.end_stop();
            }
            let Some(event) = self.deferred.pop_front() else { return };
            self.take(event);
        }
    }

    fn answered(&mut self, call: CallNo, answer: Answer) {
        if self.graceful_answered(call, &answer) || self.task_answered(call, &answer) {
            return;
        }
        match answer {
            Answer::LockCreated(result) if self.elector.create == Some(call) => {
                self.lock_created(result);
            }
            Answer::LockOwner(result) if self.elector.stat == Some(call) => {
                self.lock_owner(result);
            }
            // Nobody waits for those that are told to come back.
            Answer::Ceded(_) => {}
            _ => self.say(Reason::StaleAnswer(call)),
        }
    }

    fn task_answered(&mut self, call: CallNo, answer: &Answer) -> bool {
        match self.task.take() {
            Some(Task::Activate(activation)) if activation.waits_for(call) => {
                self.advance(activation, answer);
            }
            Some(Task::Demote(waited)) if waited == call => self.demoted(answer),
            Some(Task::HandOver(waited, after)) if waited == call => {
                self.told_to_hand_over(answer, after);
            }
            Some(Task::ReadOwnBreadcrumb(waited, after)) if waited == call => {
                self.own_breadcrumb_read(answer, after);
            }
            Some(Task::DeleteBreadcrumb(waited, after)) if waited == call => {
                self.own_breadcrumb_deleted(answer, after);
            }
            other => {
                self.task = other;
                return false;
            }
        }
        true
    }

    fn take_timer(&mut self, timer: Timer) {
        if !self.rings(timer) {
            return;
        }
        match timer {
            Timer::Recheck => self.recheck(),
            Timer::Rejoin => self.rejoin(),
            Timer::Reopen => self.open_session(),
            Timer::RetryLock => self.monitor(),
            Timer::FlapGuard => self.create_lock(),
            Timer::CedePeers => self.stop_waiting_for_peers(),
            Timer::Graceful => self.failover_timed_out(),
            Timer::Stop => self.stop_timed_out(),
        }
    }
}
