use std::net::IpAddr;
use std::sync::Arc;

use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::{GroupMapping, SecurityError, ServiceAuthorization, SystemHostNames};
use hadoop_ipc::server::Authorize;
use tracing::{info, warn};

/// `hadoop-policy.xml` at the RPC door: `security.zkfc.protocol.acl` and its companions.
pub struct ServiceLevel(ServiceAuthorization);

impl ServiceLevel {
    /// The rules of `hadoop-policy.xml` and of the main configuration; `None` if
    /// `hadoop.security.authorization` is off.
    pub fn from_conf(
        conf: &Configuration,
        groups: Arc<dyn GroupMapping>,
    ) -> Result<Option<Arc<dyn Authorize>>, SecurityError> {
        let names = Arc::new(SystemHostNames::new());
        let rules = ServiceAuthorization::from_configuration(conf, groups, names)?;
        Ok(rules.is_enabled().then(|| Arc::new(Self(rules)) as Arc<dyn Authorize>))
    }
}

impl Authorize for ServiceLevel {
    fn authorize(
        &self,
        user: Option<&str>,
        protocol: Option<&str>,
        peer: IpAddr,
    ) -> Result<(), String> {
        let verdict = self.0.authorize(user, protocol, peer);
        let (user, protocol) = (user.unwrap_or("null"), protocol.unwrap_or("null"));
        match &verdict {
            Ok(()) => info!(user, %peer, protocol, "authorization successful"),
            Err(why) => warn!(user, %peer, protocol, why, "authorization failed"),
        }
        verdict
    }
}
