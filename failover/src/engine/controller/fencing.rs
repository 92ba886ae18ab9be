use std::time::Duration;

use super::Controller;
use super::task::Task;
use crate::engine::{BackOff, Breadcrumb, Evidence, Reason, Refusal, RequestNo, Stuck, Time};
use crate::types::{ActiveNode, NameNodeId};

/// A failure that was not followed by another attempt for so long is over: another node, which
/// holds the lock, has got on.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);

/// What is remembered of fencings that did not succeed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Fencing {
    unfenced: Option<Unfenced>,
    starting_since: Option<Time>,
    mismatches: BackOff,
    /// A person stands in for fencing whom exactly this breadcrumb names.
    vouched: Option<Breadcrumb>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Unfenced {
    node: ActiveNode,
    breadcrumb: Breadcrumb,
    since: Time,
    last: Time,
    attempts: u32,
}

impl Fencing {
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(super) fn is_vouched(&self, breadcrumb: &Breadcrumb) -> bool {
        self.vouched.as_ref() == Some(breadcrumb)
    }

    pub(super) fn mismatched(&mut self) -> Duration {
        self.mismatches.next()
    }

    /// Counts the failures to fence one node by one breadcrumb.
    pub(super) fn note_unfenced(
        &mut self,
        now: Time,
        node: ActiveNode,
        breadcrumb: Breadcrumb,
    ) -> u32 {
        let before = self.unfenced.take().filter(|known| known.breadcrumb == breadcrumb);
        let (since, attempts) = before.map_or((now, 0), |known| (known.since, known.attempts));
        let attempts = attempts.saturating_add(1);
        self.unfenced = Some(Unfenced { node, breadcrumb, since, last: now, attempts });
        attempts
    }

    /// How long force is still held back from a NameNode that is starting.
    pub(super) fn note_starting(&mut self, now: Time, patience: Duration) -> Duration {
        let since = *self.starting_since.get_or_insert(now);
        patience.saturating_sub(now.since(since))
    }

    pub(super) fn waited_for_start(&self, now: Time, patience: Duration) -> bool {
        self.starting_since.is_some_and(|since| now.since(since) >= patience)
    }

    pub(super) fn stuck(&self, now: Time, alarm_after: u32) -> Option<Stuck> {
        let recent = |unfenced: &&Unfenced| now.since(unfenced.last) < FORGOTTEN_AFTER;
        let Unfenced { node, since, attempts, .. } = self.unfenced.as_ref().filter(recent)?;
        Some(Stuck {
            node: node.clone(),
            stuck_for: now.since(*since),
            attempts: *attempts,
            alarm: *attempts >= alarm_after,
        })
    }
}

impl Controller {
    pub(super) fn not_fenced(&mut self, node: ActiveNode, breadcrumb: Breadcrumb, why: String) {
        let attempts = self.fencing.note_unfenced(self.now, node.clone(), breadcrumb);
        self.say(Reason::NotFenced { node: node.clone(), why: why.clone(), attempts });
        if attempts == self.settings.stuck_after
            && let Some(stuck) = self.fencing.stuck(self.now, self.settings.stuck_after)
        {
            self.say(Reason::Stuck { node, stuck_for: stuck.stuck_for, attempts });
        }
        self.give_up(why, BackOff::FIRST);
    }

    pub(super) fn confirm(&mut self, request: RequestNo, node: NameNodeId, caller: String) {
        match self.unfenced_breadcrumb() {
            Some((waiting, breadcrumb)) if waiting == node => {
                self.say(Reason::Confirmed { node, caller });
                self.vouch(breadcrumb);
                self.reply(request, Ok(()));
            }
            other => {
                let waiting = other.map(|(waiting, _)| waiting);
                self.reply(request, Err(Refusal::NothingToConfirm { node, waiting }));
            }
        }
    }

    /// Why this evidence does not do, if it does not. The rules are those of
    /// [`EvidencePolicy`](crate::engine::EvidencePolicy); the lease is looked at before anything
    /// is written.
    pub(super) fn doubt(&self, evidence: &Evidence) -> Option<String> {
        let Some(policy) = self.settings.evidence else {
            return Some("evidence does not count: the policy is off".to_owned());
        };
        let Evidence { silent_for, written_epoch, promised_epoch } = evidence;
        if *silent_for < policy.silent_for {
            let (silent, needed) = (silent_for.as_secs(), policy.silent_for.as_secs());
            return Some(format!("its host has been silent for {silent} s of {needed} s"));
        }
        (promised_epoch <= written_epoch).then(|| {
            format!(
                "the JournalNodes have promised epoch {promised_epoch}, and it may write with \
                 {written_epoch}"
            )
        })
    }

    /// The breadcrumb that holds up this node, from a failed fencing or a running one.
    fn unfenced_breadcrumb(&self) -> Option<(NameNodeId, Breadcrumb)> {
        if let Some(Task::Activate(activation)) = &self.task
            && let Some((_, node, breadcrumb)) = activation.fencing()
        {
            return Some((node.id.clone(), breadcrumb.clone()));
        }
        let unfenced = self.fencing.unfenced.as_ref()?;
        Some((unfenced.node.id.clone(), unfenced.breadcrumb.clone()))
    }

    fn vouch(&mut self, breadcrumb: Breadcrumb) {
        self.fencing.vouched = Some(breadcrumb);
        self.go_on_without_fencing();
        if self.task.is_none() && self.cancel_timer(crate::engine::Timer::Rejoin) {
            self.rejoin();
        }
    }
}
