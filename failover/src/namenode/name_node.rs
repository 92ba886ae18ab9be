use std::net::SocketAddr;
use std::time::Duration;

use hadoop_ipc::client::{Disconnected, Target};
use hadoop_proto::common::{
    GetServiceStatusRequestProto, GetServiceStatusResponseProto, HaRequestSource,
    HaStateChangeRequestInfoProto, MonitorHealthRequestProto, MonitorHealthResponseProto,
    TransitionToActiveRequestProto, TransitionToActiveResponseProto,
    TransitionToObserverRequestProto, TransitionToObserverResponseProto,
    TransitionToStandbyRequestProto, TransitionToStandbyResponseProto,
};

use super::{BoundedClient, CallOptions, Fault, ServiceStatus};
use crate::types::NameNodeId;

const PROTOCOL: &str = "org.apache.hadoop.ha.HAServiceProtocol";

/// A NameNode as its controllers know it: `HAServiceProtocol` at one of its addresses.
///
/// The connection is kept while it is used. The name is resolved anew at each connect. Each call
/// ends within its limit, which holds for connecting and for the call together.
pub struct NameNode {
    id: NameNodeId,
    client: BoundedClient,
}

impl NameNode {
    /// Nothing is sent before the first call.
    pub fn new(id: NameNodeId, address: Target, options: &CallOptions) -> Self {
        Self { id, client: BoundedClient::new(PROTOCOL, address, options) }
    }

    /// Which NameNode.
    pub fn id(&self) -> &NameNodeId {
        &self.id
    }

    /// Where it is called.
    pub fn address(&self) -> &Target {
        self.client.target()
    }

    /// What it is now.
    pub async fn get_service_status(&self, limit: Duration) -> Result<ServiceStatus, Fault> {
        let request = GetServiceStatusRequestProto {};
        let answer: GetServiceStatusResponseProto =
            self.client.call(limit, "getServiceStatus", &request).await?;
        Ok(answer.into())
    }

    /// Whether it is well: [`HealthCheckFailed`](super::FaultKind::HealthCheckFailed) if not.
    pub async fn monitor_health(&self, limit: Duration) -> Result<(), Fault> {
        let request = MonitorHealthRequestProto {};
        let MonitorHealthResponseProto {} =
            self.client.call(limit, "monitorHealth", &request).await?;
        Ok(())
    }

    /// Tells it to become active.
    pub async fn transition_to_active(&self, limit: Duration) -> Result<(), Fault> {
        let request = TransitionToActiveRequestProto { req_info: by_zkfc() };
        let TransitionToActiveResponseProto {} =
            self.client.call(limit, "transitionToActive", &request).await?;
        Ok(())
    }

    /// Tells it to become standby. Succeeds on one that is.
    pub async fn transition_to_standby(&self, limit: Duration) -> Result<(), Fault> {
        let request = TransitionToStandbyRequestProto { req_info: by_zkfc() };
        let TransitionToStandbyResponseProto {} =
            self.client.call(limit, "transitionToStandby", &request).await?;
        Ok(())
    }

    /// Tells it to become an observer.
    pub async fn transition_to_observer(&self, limit: Duration) -> Result<(), Fault> {
        let request = TransitionToObserverRequestProto { req_info: by_zkfc() };
        let TransitionToObserverResponseProto {} =
            self.client.call(limit, "transitionToObserver", &request).await?;
        Ok(())
    }

    /// Waits until the open connection ends; `None`, at once, if there is none.
    pub async fn disconnected(&self) -> Option<Disconnected> {
        self.client.disconnected().await
    }

    /// Closes the connection: the next call resolves the name anew.
    pub async fn disconnect(&self) {
        self.client.disconnect().await;
    }

    /// The address that the latest connection led to.
    pub(super) async fn peer(&self) -> Option<SocketAddr> {
        self.client.peer().await
    }
}

/// A NameNode with automatic failover takes orders from controllers only.
fn by_zkfc() -> HaStateChangeRequestInfoProto {
    HaStateChangeRequestInfoProto { req_source: HaRequestSource::RequestByZkfc as i32 }
}

#[cfg(test)]
mod tests {
    use hadoop_proto::Message;

    use super::*;

    #[test]
    fn fc_064_transitions_carry_the_controllers_mark() {
        let bytes = TransitionToActiveRequestProto { req_info: by_zkfc() }.encode_to_vec();
        assert_eq!(bytes, [0x0a, 0x02, 0x08, 0x02]);
        let standby = TransitionToStandbyRequestProto { req_info: by_zkfc() };
        assert_eq!(standby.encode_to_vec(), bytes);
    }
}
