use std::net::IpAddr;
use std::sync::Arc;

use tracing::{info, warn};

use super::Authorize;
use crate::conf::Configuration;
use crate::security::{GroupMapping, SecurityError, ServiceAuthorization, SystemHostNames};

/// `hadoop-policy.xml` at the RPC door. Each verdict is a line of the log, as Hadoop's audit wants.
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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::conf::Environment;
    use crate::security::NoGroups;

    const PROTOCOL: Option<&str> = Some("org.apache.hadoop.ha.ZKFCProtocol");

    fn rules(pairs: &[(&str, &str)]) -> Option<Arc<dyn Authorize>> {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        ServiceLevel::from_conf(&conf, Arc::new(NoGroups)).unwrap()
    }

    #[test]
    fn fc_090_the_list_of_the_protocol_decides_where_authorization_is_on() {
        let list = ("security.zkfc.protocol.acl", "hdfs,ann");
        assert!(rules(&[list]).is_none());
        let rules = rules(&[list, ("hadoop.security.authorization", "true")]).unwrap();
        let may = |user| rules.authorize(Some(user), PROTOCOL, IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert_eq!(may("ann"), Ok(()));
        let refusal = may("eve").unwrap_err();
        assert!(refusal.contains("eve"), "{refusal}");
    }
}
