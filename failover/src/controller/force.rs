use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::inquiry::Inquiry;
use super::namenodes::{NameNodes, resolve};
use crate::engine::{Evidence, FenceOutcome};
use crate::fence::{FenceOptions, FenceTarget, Fencer, HeadStart};
use crate::lock::LockSession;
use crate::settings::NameNodeSettings;
use crate::types::ActiveNode;

/// An old active that is well has answered by then. Logging in costs nothing on the way of a
/// failover if it begins while one that hangs is still given its time.
const SUSPICIOUS_AFTER: Duration = Duration::from_millis(150);

/// The fencing methods of one old active. They wait to be used; what they need is made ready at
/// once if that takes long. Dropping this ends every process.
pub(super) struct Force {
    ready: AbortOnDropHandle<Result<Ready, String>>,
    needed: Arc<Notify>,
}

/// All that comes before the first method acts.
struct Ready {
    fencer: Fencer,
    target: FenceTarget,
    head_start: HeadStart,
    inquiry: Option<Inquiry>,
}

impl Force {
    pub(super) fn stand_by(
        namenodes: Arc<NameNodes>,
        node: ActiveNode,
        namenode: NameNodeSettings,
    ) -> Self {
        let needed = Arc::new(Notify::new());
        let begin = Arc::clone(&needed);
        let ready = tokio::spawn(async move {
            // Either way it is time.
            let _ = timeout(SUSPICIOUS_AFTER, begin.notified()).await;
            prepare(&namenodes, node, &namenode).await
        });
        Self { ready: AbortOnDropHandle::new(ready), needed }
    }

    /// The outcome, and what was tried. `session` is the one that holds the lock.
    pub(super) async fn apply(
        self,
        namenodes: &NameNodes,
        session: Option<&dyn LockSession>,
    ) -> (FenceOutcome, String) {
        self.needed.notify_one();
        let ready = match self.ready.await {
            Ok(Ok(ready)) => ready,
            Ok(Err(why)) => return (FenceOutcome::Failed(why.clone()), why),
            Err(died) => return (FenceOutcome::Failed(died.to_string()), String::new()),
        };
        let Ready { fencer, target, head_start, inquiry } = ready;
        let report = fencer.fence_from(head_start, &target).await;
        let text = report.to_string();
        let (outcome, text) = match (report.fenced_by, inquiry) {
            (Some(by), _) => (FenceOutcome::Fenced { by }, text),
            (None, None) => (FenceOutcome::Failed(text.clone()), text),
            (None, Some(inquiry)) => weigh(inquiry.conclude(namenodes, session).await, &text),
        };
        if !matches!(outcome, FenceOutcome::Failed(_)) {
            namenodes.stop_watching();
        }
        (outcome, text)
    }
}

/// What speaks for its death after no method has proved that.
fn weigh(found: Result<Evidence, String>, tried: &str) -> (FenceOutcome, String) {
    match found {
        Ok(evidence) => {
            let text = format!("{tried}; evidence: {evidence}");
            (FenceOutcome::Evident(evidence), text)
        }
        Err(missing) => {
            let text = format!("{tried}; no evidence of its death yet: {missing}");
            (FenceOutcome::Failed(text.clone()), text)
        }
    }
}

async fn prepare(
    namenodes: &NameNodes,
    node: ActiveNode,
    namenode: &NameNodeSettings,
) -> Result<Ready, String> {
    let fencer = fencer(namenodes, namenode)?;
    let inquiry = Inquiry::begin(namenodes, namenode, &fencer);
    let target = FenceTarget {
        node,
        address: resolve(namenode.service_address.clone()).await,
        properties: namenode.properties.clone(),
    };
    let head_start = fencer.begin(&target).await;
    Ok(Ready { fencer, target, head_start, inquiry })
}

/// The methods are the target's own.
fn fencer(namenodes: &NameNodes, namenode: &NameNodeSettings) -> Result<Fencer, String> {
    let methods = namenode.fencing_methods.as_deref().unwrap_or_default();
    let options = FenceOptions::from_conf(&namenodes.settings.conf);
    let fencer = options.and_then(|options| Fencer::parse(methods, options));
    fencer.map_err(|problem| format!("cannot fence {}: {problem}", namenode.id))
}
