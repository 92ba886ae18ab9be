use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use zookeeper_client::{Acl, Client, SessionInfo};

use super::{ElectionPaths, Ensemble};
use crate::lock::{LockError, SessionEvent, SessionId};

/// How requests reach the ensemble at present.
#[derive(Clone, Debug)]
pub(super) enum Link {
    /// Through this client, which may itself be reconnecting.
    Up(Client),
    /// Not at all: the client gave the session up, and it is being resumed.
    Down,
    /// Never again.
    Over(LockError),
}

/// What the tasks of one session share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) ensemble: Ensemble,
    pub(super) paths: ElectionPaths,
    pub(super) acl: Vec<Acl>,
    pub(super) id: SessionId,
    pub(super) timeout: Duration,
    /// What resumes the session.
    pub(super) resume_by: SessionInfo,
    pub(super) link: watch::Sender<Link>,
    pub(super) events: mpsc::UnboundedSender<SessionEvent>,
    /// Rung when the client fails in a way that its state does not show.
    pub(super) broken: Notify,
    /// Ends every task of the session.
    pub(super) stop: CancellationToken,
    /// At most one look at the lock at a time, so that there is at most one watch.
    pub(super) look: tokio::sync::Mutex<()>,
    contact: Mutex<Instant>,
    watch: Mutex<Watch>,
}

/// The watch on the lock that is set, if one is; each has a number.
#[derive(Debug, Default)]
struct Watch {
    last: u64,
    set: Option<u64>,
}

impl Shared {
    pub(super) fn new(
        ensemble: Ensemble,
        paths: ElectionPaths,
        acl: Vec<Acl>,
        client: Client,
        opened: Instant,
    ) -> (Self, mpsc::UnboundedReceiver<SessionEvent>) {
        let (events, receiver) = mpsc::unbounded_channel();
        let shared = Self {
            ensemble,
            paths,
            acl,
            id: SessionId(client.session_id().0),
            timeout: client.session_timeout(),
            resume_by: client.session().clone(),
            link: watch::channel(Link::Up(client)).0,
            events,
            broken: Notify::new(),
            stop: CancellationToken::new(),
            look: tokio::sync::Mutex::new(()),
            contact: Mutex::new(opened),
            watch: Mutex::default(),
        };
        (shared, receiver)
    }

    /// The leader answered a request that was sent then.
    pub(super) fn touch(&self, sent: Instant) {
        let mut contact = locked(&self.contact);
        *contact = (*contact).max(sent);
    }

    pub(super) fn last_contact(&self) -> Instant {
        *locked(&self.contact)
    }

    pub(super) fn emit(&self, event: SessionEvent) {
        // Nobody who listens: the owner of the session has gone.
        let _ = self.events.send(event);
    }

    pub(super) fn is_watching(&self) -> bool {
        locked(&self.watch).set.is_some()
    }

    pub(super) fn watch_set(&self) -> u64 {
        let mut watch = locked(&self.watch);
        watch.last += 1;
        watch.set = Some(watch.last);
        watch.last
    }

    /// A watch fired or was lost; one that was set since stays.
    pub(super) fn watch_gone(&self, number: u64) {
        let mut watch = locked(&self.watch);
        if watch.set == Some(number) {
            watch.set = None;
        }
    }

    /// No watch outlives its client.
    pub(super) fn forget_watch(&self) {
        locked(&self.watch).set = None;
    }

    /// Drops the client: with its last clone the session is closed.
    pub(super) fn end(&self, answer: LockError) -> Link {
        self.stop.cancel();
        self.link.send_replace(Link::Over(answer))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while it was held cannot have left half a number.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
