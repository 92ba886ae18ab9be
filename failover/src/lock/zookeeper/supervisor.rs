use std::sync::Arc;
use std::time::Duration;

use tracing::{debug, info, warn};
use zookeeper_client::{Client, SessionState, StateWatcher};

use super::shared::{Link, Shared};
use crate::lock::{LockError, SessionEvent};

/// Pause between two attempts to resume a session, each of which takes its time by itself.
const RESUME_PAUSE: Duration = Duration::from_millis(200);

/// Tells what becomes of a session, and resumes it when the crate gives it up.
///
/// The crate calls a session expired 7/5 of its timeout after the last contact, by its own
/// clock. An ensemble that is down as a whole expires nobody: that is for it to say.
pub(super) async fn supervise(shared: Arc<Shared>, states: StateWatcher) {
    let mut supervisor = Supervisor { shared, states, connected: true };
    tokio::select! {
        biased;
        () = supervisor.shared.stop.clone().cancelled_owned() => {}
        last = supervisor.run() => supervisor.end(last),
    }
}

struct Supervisor {
    shared: Arc<Shared>,
    states: StateWatcher,
    /// What was told last.
    connected: bool,
}

impl Supervisor {
    async fn run(&mut self) -> SessionEvent {
        loop {
            // What a watcher was made with counts as seen, so it is looked at without waiting.
            let mut state = self.states.peek_state();
            while !matches!(state, SessionState::Expired | SessionState::Closed) {
                match state {
                    SessionState::AuthFailed => return SessionEvent::AuthFailed,
                    SessionState::Disconnected => self.tell_disconnected(),
                    _ => self.tell_connected(),
                }
                state = self.next_state().await;
                if state == SessionState::SyncConnected {
                    // The watcher keeps only the newest state: two in a row hide an interruption.
                    self.tell_disconnected();
                }
            }
            match self.resume().await {
                Ok(client) => self.go_on(client),
                Err(last) => return last,
            }
        }
    }

    async fn next_state(&mut self) -> SessionState {
        tokio::select! {
            state = self.states.changed() => state,
            () = self.shared.broken.notified() => self.broken(),
        }
    }

    /// A request failed as if the client's task had died. If it lives after all, dropping it
    /// would close the session, so its own state decides where it can.
    fn broken(&self) -> SessionState {
        warn!("the ZooKeeper client of session {} failed; the session is resumed", self.shared.id);
        SessionState::Closed
    }

    async fn resume(&mut self) -> Result<Client, SessionEvent> {
        self.tell_disconnected();
        self.shared.forget_watch();
        self.shared.link.send_replace(Link::Down);
        info!("session {} has lost its client, which is not the end of it", self.shared.id);
        loop {
            match self.shared.ensemble.resume(self.shared.resume_by.clone()).await {
                Ok(client) => return Ok(client),
                Err(LockError::SessionExpired) => return Err(SessionEvent::Expired),
                Err(LockError::AuthFailed) => return Err(SessionEvent::AuthFailed),
                Err(error) => debug!("session {} not resumed yet: {error}", self.shared.id),
            }
            tokio::time::sleep(RESUME_PAUSE).await;
        }
    }

    fn go_on(&mut self, client: Client) {
        info!("session {} goes on", self.shared.id);
        self.states = client.state_watcher();
        self.shared.link.send_replace(Link::Up(client));
    }

    fn tell_disconnected(&mut self) {
        if std::mem::replace(&mut self.connected, false) {
            info!("session {} is disconnected from ZooKeeper", self.shared.id);
            self.shared.emit(SessionEvent::Disconnected);
        }
    }

    fn tell_connected(&mut self) {
        if !std::mem::replace(&mut self.connected, true) {
            info!("session {} is connected to ZooKeeper", self.shared.id);
            self.shared.emit(SessionEvent::Connected);
        }
    }

    fn end(&mut self, last: SessionEvent) {
        warn!("session {} with ZooKeeper is over: {last}", self.shared.id);
        let answer = match last {
            SessionEvent::AuthFailed => LockError::AuthFailed,
            _ => LockError::SessionExpired,
        };
        self.shared.end(answer);
        self.shared.emit(last);
    }
}
