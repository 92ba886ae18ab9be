use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::Instant;
use tracing::{info, warn};

use super::force::Force;
use super::namenodes::{NameNodes, target};
use crate::engine::FenceOutcome;
use crate::lock::LockSession;
use crate::namenode::{FaultKind, NameNode};
use crate::settings::{NameNodeSettings, SystemHost};
use crate::types::{ActiveNode, ServiceState};

/// The share of the graceful step in which the old active must say what it is. It has that at
/// hand unless a transition is under way: one that says nothing for that long hangs, and would
/// not obey either.
const STATUS_PARTS: u32 = 5;

/// Makes sure that one old active is not active (`ZKFailoverController.doFence`).
///
/// First it is asked what it is and told to be standby, on a connection of its own. Only if that
/// fails its fencing methods run, in order: one that obeys is never killed, though a login may be
/// ready by then. Evidence is looked at last, if it counts at all. Dropping the future ends every
/// process.
pub(super) struct Fencing {
    pub(super) namenodes: Arc<NameNodes>,
    pub(super) node: ActiveNode,
    /// Use force even if it says that it is still starting.
    pub(super) force_starting: bool,
    /// The one that holds the lock.
    pub(super) session: Option<Arc<dyn LockSession>>,
}

/// What the graceful step came to.
enum Graceful {
    Done(FenceOutcome),
    /// Why force is needed.
    Failed(String),
}

impl Fencing {
    /// The outcome, and what was tried.
    pub(super) async fn run(self) -> (FenceOutcome, String) {
        let (namenodes, node) = (Arc::clone(&self.namenodes), self.node.clone());
        let found =
            spawn_blocking(move || namenodes.settings.target(&node, &SystemHost::default()));
        let namenode = match found.await {
            Ok(Ok(namenode)) => namenode,
            Ok(Err(strange)) => {
                return (FenceOutcome::Mismatched(strange.to_string()), String::new());
            }
            Err(died) => return (FenceOutcome::Failed(died.to_string()), String::new()),
        };
        let force =
            Force::stand_by(Arc::clone(&self.namenodes), self.node.clone(), namenode.clone());
        let begun = Instant::now();
        let graceful = self.ask(&namenode).await;
        let took = begun.elapsed().as_millis();
        match graceful {
            Graceful::Done(outcome) => {
                drop(force);
                self.namenodes.stop_watching();
                let tried = format!("graceful ({took} ms): {}", told(&outcome));
                info!(peer = %namenode.id, "fencing {}: {tried}", self.node);
                (outcome, tried)
            }
            Graceful::Failed(why) => {
                let tried = format!("graceful ({took} ms): {why}");
                warn!(peer = %namenode.id, "fencing {}: {tried}", self.node);
                let (outcome, report) = force.apply(&self.namenodes, self.session.as_deref()).await;
                (outcome, format!("{tried}; {report}"))
            }
        }
    }

    async fn ask(&self, configured: &NameNodeSettings) -> Graceful {
        let transitions = &self.namenodes.settings.transitions;
        let mut options = self.namenodes.options.clone().without_retries();
        options.connect_timeout = transitions.graceful_connect_timeout;
        let address = target(&configured.service_address);
        let namenode = NameNode::new(configured.id.clone(), address, &options);
        let limit = transitions.graceful_fence_timeout;
        match namenode.get_service_status(limit / STATUS_PARTS).await {
            Ok(status) => match status.state {
                ServiceState::Standby | ServiceState::Observer => {
                    Graceful::Done(FenceOutcome::Harmless(status.state))
                }
                ServiceState::Active | ServiceState::Initializing => {
                    self.tell(&namenode, limit).await
                }
            },
            Err(fault) => self.failed(fault.kind, fault.to_string()),
        }
    }

    async fn tell(&self, namenode: &NameNode, limit: Duration) -> Graceful {
        match namenode.transition_to_standby(limit).await {
            Ok(()) => {
                let by = "transitionToStandby".to_owned();
                Graceful::Done(FenceOutcome::Fenced { by })
            }
            Err(fault) => self.failed(fault.kind, fault.to_string()),
        }
    }

    /// A NameNode that is still starting cannot be active, and killing it would only make it
    /// start again.
    fn failed(&self, kind: FaultKind, why: String) -> Graceful {
        if kind == FaultKind::NotStartedYet && !self.force_starting {
            return Graceful::Done(FenceOutcome::StillStarting);
        }
        Graceful::Failed(why)
    }
}

fn told(outcome: &FenceOutcome) -> String {
    match outcome {
        FenceOutcome::Harmless(state) => format!("it is {state}"),
        FenceOutcome::StillStarting => "it is still starting".to_owned(),
        _ => "it is standby now".to_owned(),
    }
}
