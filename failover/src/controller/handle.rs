use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::faults;
use super::input::{Ask, Input, Inputs, Reply};
use super::snapshot::Latest;
use crate::engine::{Refusal, Stop};
use crate::http::{ControllerStatus, StatusSource};
use crate::rpc::{CallFailure, ControllerCalls, Requester};
use crate::types::NameNodeId;

/// The way to a running controller. Clones lead to the same one.
#[derive(Clone)]
pub struct ControllerHandle {
    inputs: Inputs,
    latest: Latest,
    own: NameNodeId,
}

/// What was sent to a controller that does not run yet.
pub struct Mailbox {
    pub(super) inputs: Inputs,
    pub(super) received: mpsc::UnboundedReceiver<Input>,
    pub(super) latest: Latest,
}

impl ControllerHandle {
    /// The way to the controller of this NameNode, before there is one.
    pub fn new(own: NameNodeId) -> (Self, Mailbox) {
        let (inputs, received) = mpsc::unbounded_channel();
        let latest = Latest::new(own.clone());
        let mailbox = Mailbox { inputs: inputs.clone(), received, latest: latest.clone() };
        (Self { inputs, latest, own }, mailbox)
    }

    /// Asks it to end.
    pub fn stop(&self, stop: Stop) {
        self.tell(Ask::Stop(stop));
    }

    /// Asks it to take no part in what happens.
    pub fn pause(&self, caller: String) {
        self.tell(Ask::Pause { caller });
    }

    /// Asks it to take part again.
    pub fn resume(&self, caller: String) {
        self.tell(Ask::Resume { caller });
    }

    /// A person vouches that the old active is gone.
    pub async fn confirm_fenced(&self, node: NameNodeId, caller: String) -> Result<(), Refusal> {
        self.ask(|reply| Ask::Confirm { node, caller, reply }).await
    }

    fn tell(&self, ask: Ask) {
        // A controller that has ended does none of it.
        let _ = self.inputs.send(Input::Asked(ask));
    }

    async fn ask(&self, ask: impl FnOnce(Reply) -> Ask) -> Result<(), Refusal> {
        let (reply, answer) = oneshot::channel();
        self.tell(ask(reply));
        answer.await.unwrap_or_else(|_| Err(Refusal::Stopping(self.own.clone())))
    }
}

impl ControllerCalls for ControllerHandle {
    fn cede_active(
        &self,
        millis: i32,
        requester: Requester,
    ) -> BoxFuture<'_, Result<(), CallFailure>> {
        async move {
            let caller = requester.to_string();
            let asked = self.ask(|reply| Ask::Cede { period_ms: millis, caller, reply });
            asked.await.map_err(|refusal| faults::of_refusal(&refusal))
        }
        .boxed()
    }

    fn graceful_failover(&self, requester: Requester) -> BoxFuture<'_, Result<(), CallFailure>> {
        async move {
            let caller = requester.to_string();
            let asked = self.ask(|reply| Ask::Failover { caller, reply });
            asked.await.map_err(|refusal| faults::of_refusal(&refusal))
        }
        .boxed()
    }
}

impl StatusSource for ControllerHandle {
    fn status(&self) -> ControllerStatus {
        self.latest.page()
    }
}
