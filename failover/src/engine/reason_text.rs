use std::fmt;
use std::time::Duration;

use super::{CallNo, Reason, SessionNo};

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SessionOpened { owner, timeout, resumed } => {
                let how = if *resumed { "resumed" } else { "opened" };
                write!(f, "{how} ZooKeeper session {owner}, timeout {}", ms(*timeout))
            }
            Self::SessionNotOpened { fault, again_in } => write!(
                f,
                "cannot open a ZooKeeper session ({fault}); out of the election, next try in {}",
                ms(*again_in)
            ),
            Self::Disconnected => {
                f.write_str("disconnected from ZooKeeper: neutral, the NameNode is left as it is")
            }
            Self::Reconnected => f.write_str("connected to ZooKeeper"),
            Self::Expired => f.write_str("the ZooKeeper session has expired: neutral"),
            Self::StaleSession(SessionNo(no)) => {
                write!(f, "ignored an event of old session number {no}")
            }
            Self::StaleAnswer(CallNo(no)) => write!(f, "ignored a late answer to call {no}"),
            Self::HealthChanged { from, to } => write!(f, "health: {from} -> {to}"),
            Self::Joining => f.write_str("joining the election"),
            Self::AlreadyJoined => f.write_str("in the election already"),
            Self::JoinDelayed { left } => {
                write!(f, "healthy, but not joining the election for another {}", ms(*left))
            }
            Self::ObserverStaysOut => f.write_str("an observer does not join the election"),
            Self::StateUnknown => {
                f.write_str("not joining before the NameNode has said what state it is in")
            }
            Self::Leaving { why, fence: true } => {
                write!(f, "leaving the election: {why}; the next active fences this node")
            }
            Self::Leaving { why, fence: false } => {
                write!(f, "leaving the election: {why}; no need to fence this node")
            }
            Self::BreadcrumbKept(why) => {
                write!(f, "kept the breadcrumb ({why}); the next active fences whom it names")
            }
            Self::BreadcrumbDeleted => f.write_str("deleted the own breadcrumb"),
            Self::LockTaken => f.write_str("took the lock"),
            Self::LockOurs => f.write_str("the lock is ours"),
            Self::LockElsewhere => f.write_str("another node holds the lock"),
            Self::LockFree => f.write_str("nobody holds the lock"),
            Self::LockUnknown { fault, again_in } => {
                write!(f, "cannot see who holds the lock ({fault}); next try in {}", ms(*again_in))
            }
            Self::Flapping { recent, wait } => write!(
                f,
                "became active {recent} times of late: lets others go first for {}; find out \
                 why it does not stay active",
                ms(*wait)
            ),
            Self::NoBreadcrumb => f.write_str("no breadcrumb: nobody to fence"),
            Self::OwnBreadcrumb { differs: false } => {
                f.write_str("the breadcrumb names this node: nobody to fence")
            }
            Self::OwnBreadcrumb { differs: true } => f.write_str(
                "the breadcrumb names this node by other bytes: nobody to fence, rewriting it",
            ),
            Self::ForeignBreadcrumb(node) => {
                write!(f, "the breadcrumb names {node}: fencing it before anything else")
            }
            Self::BadBreadcrumb { mismatch, again_in } => write!(
                f,
                "cannot fence whom the breadcrumb names: {mismatch}. Make the configuration name \
                 that NameNode again, or, once it is surely not running, run `zkfc-rs \
                 confirm-fenced` for it or delete the ActiveBreadCrumb znode; next try in {}",
                ms(*again_in)
            ),
            Self::Fenced { node, by } => write!(f, "fenced {node} by {by}"),
            Self::Harmless { node, state } => write!(f, "{node} is {state}: no need to fence it"),
            Self::StillStarting { node, patience } => write!(
                f,
                "{node} is still starting and cannot be active: no force for another {}",
                ms(*patience)
            ),
            Self::NotFenced { node, why, attempts } => {
                write!(f, "could not fence {node} (attempt {attempts}): {why}")
            }
            Self::Stuck { node, stuck_for, attempts } => write!(
                f,
                "FAILOVER STUCK for {}: {node} could not be fenced in {attempts} attempts and no \
                 NameNode is active. Make sure that it is not running (power it off), then run \
                 `zkfc-rs confirm-fenced {}`",
                ms(*stuck_for),
                node.id.namenode
            ),
            Self::FencingAborted(node) => {
                write!(f, "gave up fencing {node}: the lock may not be ours any more")
            }
            Self::Confirmed { node, caller } => {
                write!(f, "{caller} vouches that {node} is not running: counts as fenced")
            }
            Self::Evident { node } => write!(
                f,
                "no method could fence {node}; taking evidence instead, as configured: if it \
                 still runs it may serve stale reads until it writes. Make sure that it is off"
            ),
            Self::WritingBreadcrumb => f.write_str("writing the breadcrumb"),
            Self::BreadcrumbFailed(fault) => {
                write!(f, "cannot read or write the breadcrumb: {fault}")
            }
            Self::Activating => f.write_str("telling the NameNode to become active"),
            Self::Activated { took } => {
                write!(f, "the NameNode is active, {} after the lock was ours", ms(*took))
            }
            Self::ActivationFailed(why) => {
                write!(f, "the NameNode did not become active: {why}")
            }
            Self::LeaseOut => f.write_str(
                "ZooKeeper has not confirmed the session for too long: not going on before the \
                 owner of the lock is known",
            ),
            Self::LostWhileActivating => {
                f.write_str("the lock was lost while the NameNode became active")
            }
            Self::Demoting => f.write_str("telling the NameNode to become standby"),
            Self::Demoted => f.write_str("the NameNode is standby"),
            Self::NotDemoted(why) => {
                write!(f, "the NameNode did not confirm that it is standby: {why}")
            }
            Self::Rejoining { wait } => write!(f, "joining again in {}", ms(*wait)),
            Self::Stalled { gap } => write!(
                f,
                "this process stood still for {}: neutral until the owner of the lock is known",
                ms(*gap)
            ),
            Self::Mismatch { expected, reported, again: false } => {
                write!(f, "the NameNode is {reported}, expected {expected}; looking once more")
            }
            Self::Mismatch { expected, reported, again: true } => write!(
                f,
                "the NameNode is {reported} again, expected {expected}: somebody else told it to"
            ),
            Self::CedeAsked { caller, period_ms } => {
                write!(f, "{caller} asks this node to cede for {period_ms} ms")
            }
            Self::FailoverAsked { caller } => {
                write!(f, "{caller} asks for a graceful failover to this node")
            }
            Self::FailoverNotNeeded => f.write_str("this node is active already"),
            Self::AskingToCede { active, others } => {
                write!(f, "asking {others} others and then the active {active} to cede")
            }
            Self::PeerNotCeded { peer, why } => {
                write!(f, "going on without {peer}, which did not cede: {why}")
            }
            Self::ActiveCeded(peer) => write!(f, "{peer} has ceded"),
            Self::FailoverEnded(Ok(())) => f.write_str("graceful failover done"),
            Self::FailoverEnded(Err(why)) => write!(f, "graceful failover failed: {why}"),
            Self::Paused { caller } => {
                write!(f, "paused by {caller}: neither joins nor leaves the election until resumed")
            }
            Self::Resumed { caller } => write!(f, "resumed by {caller}"),
            Self::IdleWhilePaused => f.write_str("paused: does not act on it"),
            Self::Stopping { hand_over: true } => {
                f.write_str("stopping: handing over to another node")
            }
            Self::Stopping { hand_over: false } => f.write_str("stopping"),
            Self::StopTimedOut => f.write_str("stopping without having handed over: time is up"),
            Self::Detached => {
                f.write_str("stopping; the ZooKeeper session stays for the next process")
            }
            Self::Fatal(why) => write!(f, "cannot go on: {why}"),
        }
    }
}

fn ms(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}
