use std::sync::Arc;

use hadoop_ipc::conf::Configuration;
use hadoop_ipc::security::{
    AccessControlList, AuthToLocal, Authentication, GroupMapping, SecurityError, default_realm,
};
use tracing::{info, warn};

use super::{CallFailure, Requester};

const KEY: &str = "dfs.cluster.administrators";
/// A space: nobody.
const NOBODY: &str = " ";

/// Who may ask a controller for anything: `dfs.cluster.administrators`, and the user it runs as.
#[derive(Debug)]
pub struct Admins {
    listed: AccessControlList,
    /// Short name of the user this controller runs as.
    own: String,
    names: AuthToLocal,
    groups: Arc<dyn GroupMapping>,
    authentication: Authentication,
}

impl Admins {
    /// Reads the list. `own` is the name this controller goes by, a principal or a user.
    pub fn from_conf(
        conf: &Configuration,
        own: &str,
        groups: Arc<dyn GroupMapping>,
    ) -> Result<Self, SecurityError> {
        let realm = default_realm(conf.environment());
        let names = AuthToLocal::from_configuration(conf, realm.as_deref())?;
        let listed = conf.string(KEY)?;
        Ok(Self {
            listed: AccessControlList::parse(listed.as_deref().unwrap_or(NOBODY)),
            own: names.short_name(own).unwrap_or_else(|_| own.to_owned()),
            names,
            groups,
            authentication: Authentication::from_configuration(conf)?,
        })
    }

    /// How callers prove who they are.
    pub fn authentication(&self) -> &'static str {
        self.authentication.label()
    }

    /// Refuses everybody else. Blocks where groups must be asked for; each decision is logged.
    pub fn check(&self, requester: &Requester) -> Result<(), CallFailure> {
        if self.admits(requester) {
            info!("Allowed RPC access from {requester}");
            return Ok(());
        }
        let refusal = format!("Disallowed RPC access from {requester}. Not listed in {KEY}");
        warn!("{refusal}");
        Err(CallFailure::AccessDenied(refusal))
    }

    /// A name that no rule maps could be anybody's: not admitted, unless everybody is.
    fn admits(&self, requester: &Requester) -> bool {
        let user = requester.user.as_deref();
        let short = user.and_then(|user| self.names.short_name(user).ok()).unwrap_or_default();
        self.listed.admits(&short, self.groups.as_ref()) || (!short.is_empty() && short == self.own)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use hadoop_ipc::conf::Environment;

    use super::*;

    #[derive(Debug)]
    struct OpsHasAnn;

    impl GroupMapping for OpsHasAnn {
        fn groups(&self, user: &str) -> Vec<String> {
            if user == "ann" { vec!["ops".to_owned()] } else { Vec::new() }
        }
    }

    fn check(list: Option<&str>, user: Option<&str>) -> Result<(), CallFailure> {
        let mut conf = Configuration::empty(Environment::empty());
        if let Some(list) = list {
            conf.set(KEY, list, "test");
        }
        let admins = Admins::from_conf(&conf, "hdfs", Arc::new(OpsHasAnn)).unwrap();
        admins.check(&Requester {
            user: user.map(str::to_owned),
            authentication: admins.authentication(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        })
    }

    #[test]
    fn fc_068_by_default_only_the_controllers_own_user_may() {
        assert_eq!(check(None, Some("hdfs")), Ok(()));
        assert!(check(None, Some("eve")).is_err());
        assert!(check(None, None).is_err());
    }

    #[test]
    fn fc_068_listed_users_and_groups_may() {
        assert_eq!(check(Some("bob ops"), Some("bob")), Ok(()));
        assert_eq!(check(Some("bob ops"), Some("ann")), Ok(()));
        assert!(check(Some("bob ops"), Some("eve")).is_err());
        assert_eq!(check(Some("*"), Some("eve")), Ok(()));
    }

    #[test]
    fn fc_068_the_refusal_names_user_address_and_key() {
        let refusal = check(Some("bob"), Some("eve")).unwrap_err().to_string();
        assert_eq!(
            refusal,
            "Disallowed RPC access from eve (auth:SIMPLE) at 127.0.0.1. \
             Not listed in dfs.cluster.administrators"
        );
    }
}
