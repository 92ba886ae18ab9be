use super::Controller;
use super::activation::Activation;
use super::task::Task;
use crate::engine::{BackOff, Breadcrumb, Call, Command, FenceOutcome, Reason};
use crate::types::ActiveNode;

/// The part of an activation that makes sure that nobody else is active.
impl Controller {
    /// Whom the breadcrumb names counts, not its bytes: another controller may spell the same
    /// node otherwise, and a node must never fence itself.
    pub(super) fn clear_the_way(&mut self, activation: Activation, breadcrumb: Breadcrumb) {
        let version = Some(breadcrumb.version);
        match ActiveNode::decode(&breadcrumb.data) {
            Ok(node) if node.id == self.settings.own.id => {
                self.say(Reason::OwnBreadcrumb { differs: breadcrumb.data != self.data });
                self.fencing.succeeded();
                self.write_breadcrumb(activation, version);
            }
            Ok(node) if self.fencing.is_vouched(&breadcrumb) => {
                self.say(Reason::Fenced { node, by: "confirmation".to_owned() });
                self.fencing.succeeded();
                self.write_breadcrumb(activation, version);
            }
            Ok(node) if !self.settings.peers.contains(&node.id) => {
                let mismatch = format!("it names {node}, which is not configured");
                self.fencing.note_unfenced(self.now, node, breadcrumb);
                self.breadcrumb_mismatched(mismatch);
            }
            Ok(node) => self.fence(activation, node, breadcrumb),
            Err(bad) => self.breadcrumb_mismatched(bad.to_string()),
        }
    }

    fn fence(&mut self, activation: Activation, node: ActiveNode, breadcrumb: Breadcrumb) {
        #[cfg(test)]
        if self.settings.mutant == Some(crate::engine::Mutant::PromoteBeforeFence) {
            return self.write_breadcrumb(activation, Some(breadcrumb.version));
        }
        self.say(Reason::ForeignBreadcrumb(node.clone()));
        let force_starting = self.fencing.waited_for_start(self.now, self.settings.start_patience);
        let call = self.call(Call::Fence { node: node.clone(), force_starting });
        self.task = Some(Task::Activate(activation.fences(call, node, breadcrumb)));
    }

    pub(super) fn fence_ended(
        &mut self,
        activation: Activation,
        node: ActiveNode,
        breadcrumb: Breadcrumb,
        outcome: &FenceOutcome,
    ) {
        let version = Some(breadcrumb.version);
        match outcome {
            FenceOutcome::Fenced { by } => {
                self.say(Reason::Fenced { node, by: by.clone() });
                self.fencing.succeeded();
                self.write_breadcrumb(activation, version);
            }
            FenceOutcome::Harmless(state) => {
                self.say(Reason::Harmless { node, state: *state });
                self.fencing.succeeded();
                self.write_breadcrumb(activation, version);
            }
            FenceOutcome::StillStarting => {
                let patience = self.fencing.note_starting(self.now, self.settings.start_patience);
                let why = format!("{node} is still starting");
                self.say(Reason::StillStarting { node, patience });
                self.give_up(why, BackOff::FIRST);
            }
            FenceOutcome::Evident(evidence) => match self.doubt(evidence) {
                None => {
                    self.say(Reason::Evident { node: node.clone() });
                    self.say(Reason::Fenced { node, by: format!("evidence: {evidence}") });
                    self.fencing.succeeded();
                    self.write_breadcrumb(activation, version);
                }
                Some(doubt) => self.not_fenced(node, breadcrumb, doubt),
            },
            FenceOutcome::Failed(why) => self.not_fenced(node, breadcrumb, why.clone()),
            FenceOutcome::Mismatched(mismatch) => {
                self.fencing.note_unfenced(self.now, node, breadcrumb);
                self.breadcrumb_mismatched(mismatch.clone());
            }
        }
    }

    /// The old active needs no fencing any more, whatever a running fencing would find.
    pub(super) fn go_on_without_fencing(&mut self) {
        match self.task.take() {
            Some(Task::Activate(activation)) if activation.fencing().is_some() => {
                let version = activation.fencing().map(|(_, _, breadcrumb)| breadcrumb.version);
                // Why it may go on was said; this is no failure of the failover.
                if let Some((call, ..)) = activation.fencing() {
                    self.order(Command::AbortFence(call));
                }
                self.fencing.succeeded();
                self.write_breadcrumb(activation, version);
            }
            other => self.task = other,
        }
    }

    fn breadcrumb_mismatched(&mut self, mismatch: String) {
        let again_in = self.fencing.mismatched();
        self.say(Reason::BadBreadcrumb { mismatch: mismatch.clone(), again_in });
        self.give_up(mismatch, again_in);
    }

    pub(super) fn abort_fence(&mut self, activation: &Activation) {
        if let Some((call, node, _)) = activation.fencing() {
            self.say(Reason::FencingAborted(node.clone()));
            self.order(Command::AbortFence(call));
        }
    }
}
