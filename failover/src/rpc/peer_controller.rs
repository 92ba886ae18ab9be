use std::time::Duration;

use hadoop_ipc::client::Target;
use hadoop_proto::common::{
    CedeActiveRequestProto, CedeActiveResponseProto, GracefulFailoverRequestProto,
    GracefulFailoverResponseProto,
};

use crate::namenode::{BoundedClient, CallOptions, Fault};

use super::zkfc_protocol::PROTOCOL;

/// Another NameNode's controller, as this one calls it.
pub struct PeerController {
    client: BoundedClient,
}

impl PeerController {
    /// Nothing is sent before the first call.
    pub fn new(address: Target, options: &CallOptions) -> Self {
        Self { client: BoundedClient::new(PROTOCOL, address, options) }
    }

    /// Where it is called.
    pub fn address(&self) -> &Target {
        self.client.target()
    }

    /// Asks it to give up being active and to stay out of the election for so many milliseconds;
    /// -1 ends that time.
    pub async fn cede_active(&self, millis: i32, limit: Duration) -> Result<(), Fault> {
        // Java's field is unsigned, and Java reads it as signed.
        let request = CedeActiveRequestProto { millis_to_cede: millis as u32 };
        let CedeActiveResponseProto {} = self.client.call(limit, "cedeActive", &request).await?;
        Ok(())
    }

    /// Asks it to make its NameNode the active one.
    pub async fn graceful_failover(&self, limit: Duration) -> Result<(), Fault> {
        let request = GracefulFailoverRequestProto {};
        let GracefulFailoverResponseProto {} =
            self.client.call(limit, "gracefulFailover", &request).await?;
        Ok(())
    }
}
