use hadoop_proto::common::GetServiceStatusResponseProto;

use crate::types::ServiceState;

/// What a NameNode says of its HA state (`HAServiceStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceStatus {
    /// What it is.
    pub state: ServiceState,
    /// Why it would not become active now; `None` if it would, or does not say. Java's
    /// controllers do not look at it.
    pub not_ready_reason: Option<String>,
}

impl From<GetServiceStatusResponseProto> for ServiceStatus {
    fn from(response: GetServiceStatusResponseProto) -> Self {
        let ready = response.ready_to_become_active.unwrap_or(false);
        Self {
            state: ServiceState::from_wire(response.state),
            not_ready_reason: response.not_ready_reason.filter(|why| !ready && !why.is_empty()),
        }
    }
}
