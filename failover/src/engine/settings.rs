use std::time::Duration;

use super::FlapGuard;
use crate::types::{ActiveNode, NameNodeId};

/// What the engine is told of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The own NameNode, as it goes into lock and breadcrumb.
    pub own: ActiveNode,
    /// All other NameNodes of the nameservice, observers too, in the order of
    /// `dfs.ha.namenodes.<nameservice>`.
    pub peers: Vec<NameNodeId>,
    /// How often an operation is repeated after a lost connection
    /// (`ha.failover-controller.active-standby-elector.zk.op.retries`).
    pub lock_retries: u32,
    /// `ha.failover-controller.graceful-fence.rpc-timeout.ms`.
    pub graceful_fence_timeout: Duration,
    /// `ha.failover-controller.new-active.rpc-timeout.ms`.
    pub new_active_timeout: Duration,
    /// How long a stop may take before it leaves the lock without having handed over.
    pub stop_timeout: Duration,
    /// How long an old active may answer that it is still starting before force is used.
    pub start_patience: Duration,
    /// After so many failed fencings the failover counts as stuck.
    pub stuck_after: u32,
    /// Against flapping.
    pub flap_guard: FlapGuard,
    /// Let evidence stand in for fencing; off by default.
    pub evidence: Option<EvidencePolicy>,
    #[cfg(test)]
    pub(crate) mutant: Option<super::Mutant>,
}

/// When evidence stands in for fencing.
///
/// Only for an attempt of which every configured method failed, while this node holds the lock,
/// and in this order: the old active's host has answered on none of its ports for `silent_for`;
/// then a majority of JournalNodes promises a higher epoch than any before. Silence comes first,
/// so that an active that answers is never cut off from its journal. What an old active that
/// lives behind a broken network writes in between was acknowledged by a majority, and whoever
/// comes next recovers it; after the promise it can write nothing.
///
/// What is risked: silence from here is not silence from everywhere. An old active that still
/// runs keeps answering *reads* from its memory to clients that reach it, until it next tries to
/// write and ends itself. Such clients may see a state that is out of date. No acknowledged write
/// is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EvidencePolicy {
    /// How long the host must have been silent.
    pub silent_for: Duration,
}

impl Settings {
    /// Java's defaults, and ours where Java has none.
    pub fn new(own: ActiveNode, peers: Vec<NameNodeId>) -> Self {
        Self {
            own,
            peers,
            lock_retries: 3,
            graceful_fence_timeout: Duration::from_secs(5),
            new_active_timeout: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(4),
            start_patience: Duration::from_secs(60),
            stuck_after: 3,
            flap_guard: FlapGuard::default(),
            evidence: None,
            #[cfg(test)]
            mutant: super::Mutant::chosen(),
        }
    }

    /// For how long controllers are asked to cede, and how long that call may take.
    pub fn cede_period(&self) -> Duration {
        self.graceful_fence_timeout * 2
    }
}
