use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::Instant;
use tracing::{info, warn};

use super::inquiry::Inquiry;
use super::namenodes::{NameNodes, resolve, target};
use crate::engine::FenceOutcome;
use crate::fence::{FenceOptions, FenceTarget, Fencer};
use crate::lock::LockSession;
use crate::namenode::{FaultKind, NameNode};
use crate::settings::{NameNodeSettings, SystemHost};
use crate::types::{ActiveNode, ServiceState};

/// The share of the graceful step in which the old active must say what it is: one that says
/// nothing for that long hangs, and would not obey either.
const STATUS_PARTS: u32 = 2;

/// Makes sure that one old active is not active (`ZKFailoverController.doFence`).
///
/// First it is asked what it is and told to be standby, on a connection of its own. Only if that
/// fails its fencing methods run, in order: one that obeys is never killed. Evidence is looked at
/// last, if it counts at all. Dropping the future ends every process.
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
        let begun = Instant::now();
        let graceful = self.ask(&namenode).await;
        let took = begun.elapsed().as_millis();
        match graceful {
            Graceful::Done(outcome) => {
                let tried = format!("graceful ({took} ms): {}", told(&outcome));
                info!(peer = %namenode.id, "fencing {}: {tried}", self.node);
                (outcome, tried)
            }
            Graceful::Failed(why) => {
                let tried = format!("graceful ({took} ms): {why}");
                warn!(peer = %namenode.id, "fencing {}: {tried}", self.node);
                let (outcome, report) = self.force(&namenode).await;
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

    async fn force(&self, namenode: &NameNodeSettings) -> (FenceOutcome, String) {
        let fencer = match self.fencer(namenode) {
            Ok(fencer) => fencer,
            Err(why) => return (FenceOutcome::Failed(why.clone()), why),
        };
        let inquiry = Inquiry::begin(&self.namenodes, namenode, &fencer);
        let target = FenceTarget {
            node: self.node.clone(),
            address: resolve(namenode.service_address.clone()).await,
            properties: namenode.properties.clone(),
        };
        let report = fencer.fence(&target).await;
        let text = report.to_string();
        let (outcome, text) = match (report.fenced_by, inquiry) {
            (Some(by), _) => (FenceOutcome::Fenced { by }, text),
            (None, None) => (FenceOutcome::Failed(text.clone()), text),
            (None, Some(inquiry)) => self.weigh(&inquiry, &text).await,
        };
        if !matches!(outcome, FenceOutcome::Failed(_)) {
            self.namenodes.stop_watching();
        }
        (outcome, text)
    }

    /// What speaks for its death after no method has proved that.
    async fn weigh(&self, inquiry: &Inquiry, tried: &str) -> (FenceOutcome, String) {
        match inquiry.conclude(&self.namenodes, self.session.as_deref()).await {
            Ok(evidence) => {
                let text = format!("{tried}; evidence: {evidence}");
                (FenceOutcome::Evident(evidence), text)
            }
            Err(missing) => {
                let text = format!("{tried}; no evidence of its death yet: {missing}");
                warn!("fencing {}: no evidence of its death yet: {missing}", self.node);
                (FenceOutcome::Failed(text.clone()), text)
            }
        }
    }

    /// The methods are the target's own.
    fn fencer(&self, namenode: &NameNodeSettings) -> Result<Fencer, String> {
        let methods = namenode.fencing_methods.as_deref().unwrap_or_default();
        let options = FenceOptions::from_conf(&self.namenodes.settings.conf);
        let fencer = options.and_then(|options| Fencer::parse(methods, options));
        fencer.map_err(|problem| format!("cannot fence {}: {problem}", namenode.id))
    }
}

fn told(outcome: &FenceOutcome) -> String {
    match outcome {
        FenceOutcome::Harmless(state) => format!("it is {state}"),
        FenceOutcome::StillStarting => "it is still starting".to_owned(),
        _ => "it is standby now".to_owned(),
    }
}
