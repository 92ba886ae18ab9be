use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::engine::{Answer, CallNo, Refusal, SessionEvent, SessionNo, Stop};
use crate::ledger::{Confirmation, FailoverRecord, Standing};
use crate::lock::{LockError, LockSession};
use crate::namenode::HealthReport;
use crate::types::{ActiveNode, NameNodeId, ServiceState};

/// What reaches the event loop.
pub(super) enum Input {
    /// An attempt to open a session ended.
    Opened(SessionNo, Result<Arc<dyn LockSession>, LockError>),
    /// A session tells something.
    Session(SessionNo, SessionEvent),
    /// A call was answered. Fencing also says what was tried.
    Answered(CallNo, Answer, Option<String>),
    /// A task of a call has died.
    Died(String),
    /// What the lock says of its holder.
    LockRead(Option<ActiveNode>),
    /// What people want has changed.
    Standing(Standing),
    /// A person's word that the old active is gone, taken for this node.
    Confirmed(Confirmation),
    /// A failover that could not be written down, as there was no contact.
    Unwritten(FailoverRecord),
    /// What the own NameNode says it is, outside of its checks.
    Reported(ServiceState),
    /// A look at the own NameNode; `None`: nobody looks any more.
    Health(Option<HealthReport>),
    /// Somebody asks for something.
    Asked(Ask),
    /// A timer, or the tick.
    Woken,
}

/// What people and other controllers ask for.
pub(super) enum Ask {
    Cede { period_ms: i32, caller: String, reply: Reply },
    Failover { caller: String, reply: Reply },
    Confirm { node: NameNodeId, caller: String, reply: Reply },
    Pause { caller: String },
    Resume { caller: String },
    Stop(Stop),
}

pub(super) type Reply = oneshot::Sender<Result<(), Refusal>>;
/// What may wait there is bounded elsewhere: calls in flight by the RPC server, events by their
/// session, answers by the calls of the engine.
pub(super) type Inputs = mpsc::UnboundedSender<Input>;
