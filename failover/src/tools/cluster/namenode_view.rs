use hadoop_ipc::conf::HostPort;

use crate::namenode::ServiceStatus;
use crate::types::{NameNodeId, ServiceState};

/// One NameNode and its controller, as they were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameNodeView {
    /// Which NameNode.
    pub id: NameNodeId,
    /// Where it was asked.
    pub address: HostPort,
    /// What it says it is, else why nobody knows.
    pub status: Result<ServiceStatus, String>,
    /// Whether it is well, else why not.
    pub health: Result<(), String>,
    /// Whether its controller listens at its port, else why nobody knows.
    pub controller: Result<(), String>,
}

impl NameNodeView {
    /// Whether it says that it is active.
    pub fn is_active(&self) -> bool {
        self.status.as_ref().is_ok_and(|status| status.state == ServiceState::Active)
    }

    /// Whether it says that it is in safe mode. One that is active does not say.
    pub fn is_in_safe_mode(&self) -> bool {
        let reason = self.status.as_ref().ok().and_then(|status| status.not_ready_reason.as_ref());
        reason.is_some_and(|reason| reason.to_ascii_lowercase().contains("safemode"))
    }

    /// Its state in one word.
    pub fn state_word(&self) -> String {
        self.status
            .as_ref()
            .map_or_else(|_| "unknown".to_owned(), |status| status.state.to_string())
    }

    /// Whether it would become active: `yes`, `safe mode`, `no`, or nothing where that is not the
    /// question.
    pub fn ready_word(&self) -> Option<&'static str> {
        let status = self.status.as_ref().ok()?;
        match (status.state, &status.not_ready_reason) {
            (ServiceState::Active | ServiceState::Observer, _) => None,
            (_, None) => Some("yes"),
            (_, Some(_)) if self.is_in_safe_mode() => Some("safe mode"),
            (_, Some(_)) => Some("no"),
        }
    }
}
