use std::time::Duration;

use thiserror::Error;

use super::Fault;
use crate::types::{Health, NameNodeId};

/// Why a caller does not get what it asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum Refusal {
    /// The NameNode is not well.
    #[error("{node} is not healthy: it is {health}. Repair it, or choose another node")]
    NotHealthy {
        /// The own NameNode.
        node: NameNodeId,
        /// How it is.
        health: Health,
    },
    /// Observers take no part.
    #[error("{0} is an observer and cannot become active. Transition it to standby first")]
    Observer(NameNodeId),
    /// There is nothing to fail over from.
    #[error("no other node is active: there is nothing to fail over from")]
    NobodyActive,
    /// ZooKeeper could not be asked.
    #[error("cannot read the lock in ZooKeeper: {0}")]
    LockUnreadable(String),
    /// The lock holds something else.
    #[error("the lock in ZooKeeper names no known NameNode: {0}")]
    BadLock(String),
    /// The active's controller did not cede.
    #[error("the controller of the active {peer} did not cede: {fault}")]
    NotCeded {
        /// Whose controller.
        peer: NameNodeId,
        /// Its answer.
        fault: Fault,
    },
    /// The NameNode did not become active.
    #[error("{node} could not become active: {why}")]
    NotActivated {
        /// The own NameNode.
        node: NameNodeId,
        /// What went wrong.
        why: String,
    },
    /// Nothing happened for too long.
    #[error("{node} did not become active within {} s", .after.as_secs())]
    TimedOut {
        /// The own NameNode.
        node: NameNodeId,
        /// How long it was waited for.
        after: Duration,
    },
    /// A person has paused this controller.
    #[error("the controller of {0} is paused. Resume it first")]
    Paused(NameNodeId),
    /// The process is about to end.
    #[error("the controller of {0} is stopping")]
    Stopping(NameNodeId),
    /// No failed fencing waits for a person's word.
    #[error("nothing waits for {node} to be fenced{}", .waiting.as_ref().map(|w| format!("; it is {w} that is waited for")).unwrap_or_default())]
    NothingToConfirm {
        /// Whom the person named.
        node: NameNodeId,
        /// Whom it could have been.
        waiting: Option<NameNodeId>,
    },
}

impl Refusal {
    /// The exception class that Java's controller answers with.
    pub fn java_class(&self) -> &str {
        match self {
            Self::LockUnreadable(_) => "java.io.IOException",
            Self::BadLock(_) => "java.lang.RuntimeException",
            Self::NotCeded { fault, .. } => &fault.java_class,
            _ => "org.apache.hadoop.ha.ServiceFailedException",
        }
    }
}
