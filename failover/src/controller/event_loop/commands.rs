use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::{Ended, EventLoop};
use crate::controller::fencing::Fencing;
use crate::controller::input::Input;
use crate::controller::lock_calls::LockCall;
use crate::controller::successor::Successor;
use crate::engine::{Answer, Call, CallNo, Command, Refusal, RequestNo, SessionNo};
use crate::types::ServiceState;

/// How long the own NameNode may take to say what it is before a failover goes on without that.
const OWN_STATE_LIMIT: Duration = Duration::from_secs(1);

/// What the engine decides is carried out.
impl EventLoop {
    pub(super) fn carry_out(&mut self, command: Command) {
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
            Call::CreateLock(session, data) => self.create_lock(no, session, data),
            Call::StatLock(session) => self.ask_lock(no, session, LockCall::Stat),
            Call::ReadLock(session) => self.ask_lock(no, session, LockCall::Read),
            Call::ReadBreadcrumb(session) => self.read_breadcrumb(no, session),
            Call::WriteBreadcrumb { session, data, expected } => {
                self.ask_lock(no, session, LockCall::WriteBreadcrumb(data, expected));
            }
            Call::DeleteBreadcrumb { session, version } => {
                self.ask_lock(no, session, LockCall::DeleteBreadcrumb(version));
            }
            Call::Fence { node, force_starting } => {
                let session = self.sessions.current().map(|(session, _)| session);
                let fencing = Fencing { namenodes, node, force_starting, session };
                self.spawn(no, async move {
                    let (outcome, tried) = fencing.run().await;
                    (Answer::Fence(outcome), Some(tried))
                });
            }
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

    /// Only in its first session can a process find what the one before it left.
    fn create_lock(&mut self, no: CallNo, session: SessionNo, data: Bytes) {
        let namenodes = Arc::clone(&self.namenodes);
        match self.sessions.find(session) {
            Some(first) if session == SessionNo::FIRST => self.spawn(no, async move {
                (Successor { session: first, namenodes, data }.run().await, None)
            }),
            _ => self.ask_lock(no, session, LockCall::Create(data)),
        }
    }

    /// Who has just won may have been made an observer since the last check of its health.
    fn read_breadcrumb(&mut self, no: CallNo, session: SessionNo) {
        let (namenodes, inputs) = (Arc::clone(&self.namenodes), self.inputs.clone());
        let found = self.sessions.find(session);
        self.spawn(no, async move {
            let Some(session) = found else {
                return (LockCall::ReadBreadcrumb.without_session(), None);
            };
            let own = timeout(OWN_STATE_LIMIT, namenodes.own_state());
            let (answer, own) = tokio::join!(LockCall::ReadBreadcrumb.run(session), own);
            if let Ok(Some(ServiceState::Observer)) = own {
                let _ = inputs.send(Input::Reported(ServiceState::Observer));
            }
            (answer, None)
        });
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
        let call = AbortOnDropHandle::new(tokio::spawn(call));
        let task = tokio::spawn(async move {
            let _ = inputs.send(match call.await {
                Ok((answer, tried)) => Input::Answered(no, answer, tried),
                Err(died) => Input::Died(format!("call {}: {died}", no.0)),
            });
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
}
