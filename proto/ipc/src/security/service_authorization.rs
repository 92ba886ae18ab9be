use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use crate::conf::{ConfError, Configuration};

use super::access_control_list::AccessControlList;
use super::auth_to_local::AuthToLocal;
use super::authentication::Authentication;
use super::default_realm::default_realm;
use super::error::SecurityError;
use super::group_mapping::GroupMapping;
use super::host_names::HostNames;
use super::machine_list::MachineList;
use super::principal_pattern::PrincipalPattern;
use super::protocols::{HDFS_POLICY, ProtocolPolicy, WITHOUT_POLICY};

/// Service-level authorization: may this user call this protocol from this host?
///
/// Off unless `hadoop.security.authorization` is true; then read once from the configuration and,
/// over it, hadoop-policy.xml. Java: `ServiceAuthorizationManager`, `Server.authorize`.
#[derive(Debug)]
pub struct ServiceAuthorization {
    /// None: everybody may do everything.
    policies: Option<BTreeMap<&'static str, Policy>>,
    authentication: Authentication,
    names_of_users: AuthToLocal,
    groups: Arc<dyn GroupMapping>,
    hosts: Arc<dyn HostNames>,
}

#[derive(Debug)]
struct Policy {
    admitted: AccessControlList,
    blocked: AccessControlList,
    hosts: MachineList,
    blocked_hosts: MachineList,
    /// The one principal that may call, in a secure cluster.
    client: Option<PrincipalPattern>,
}

const DEFAULT_ACL: &str = "security.service.authorization.default.acl";
const POLICY_FILE: &str = "hadoop-policy.xml";

impl ServiceAuthorization {
    /// Reads the policy. The policy file is looked for in the configuration's directory; its name
    /// may be changed with the property (or key) `hadoop.policy.file`.
    pub fn from_configuration(
        conf: &Configuration,
        groups: Arc<dyn GroupMapping>,
        hosts: Arc<dyn HostNames>,
    ) -> Result<ServiceAuthorization, SecurityError> {
        let authentication = Authentication::from_configuration(conf)?;
        let realm = default_realm(conf.environment());
        let names_of_users = AuthToLocal::from_configuration(conf, realm.as_deref())?;
        let policies = match conf.boolean("hadoop.security.authorization")? {
            true => Some(read_policies(conf, authentication, hosts.as_ref())?),
            false => None,
        };
        Ok(ServiceAuthorization { policies, authentication, names_of_users, groups, hosts })
    }

    /// Whether anything is checked at all.
    pub fn is_enabled(&self) -> bool {
        self.policies.is_some()
    }

    /// Checks one connection. `user` is the full name as authenticated (`nn/host@REALM`, or just
    /// `hdfs` without Kerberos), `protocol` the string of the connection context. The error is
    /// the message of Java's `AuthorizationException`. Blocks where groups or the name of the
    /// peer must be asked for.
    pub fn authorize(
        &self,
        user: Option<&str>,
        protocol: Option<&str>,
        peer: IpAddr,
    ) -> Result<(), String> {
        let Some(policies) = &self.policies else { return Ok(()) };
        let protocol = protocol.ok_or("Null protocol not authorized")?;
        let Some(policy) = policies.get(protocol) else { return Err(unlisted(protocol)) };
        self.check_user(policy, user, protocol, peer)?;
        if !policy.hosts.includes(peer) || policy.blocked_hosts.includes(peer) {
            let peer = peer.to_canonical();
            return Err(format!("Host {peer} is not authorized for protocol interface {protocol}"));
        }
        Ok(())
    }

    fn check_user(
        &self,
        policy: &Policy,
        user: Option<&str>,
        protocol: &str,
        peer: IpAddr,
    ) -> Result<(), String> {
        let client =
            policy.client.as_ref().map(|client| client.at_address(peer, self.hosts.as_ref()));
        let is_client = client.is_none() || client.as_deref() == user;
        if is_client && self.lists_admit(policy, user) {
            return Ok(());
        }
        // Java names the principal even where a list was what refused.
        let cause = match client {
            Some(client) => format!("this service is only accessible by {client}"),
            None => "denied by configured ACL".to_owned(),
        };
        let user = user.map_or("null".to_owned(), |user| {
            format!("{user} (auth:{})", self.authentication.label())
        });
        Err(format!("User {user} is not authorized for protocol interface {protocol}: {cause}"))
    }

    /// A caller without a name, or with one that no rule maps, could be somebody the blocked list
    /// means: never admitted. Java throws before it gets to the lists.
    fn lists_admit(&self, policy: &Policy, user: Option<&str>) -> bool {
        let Some(short) = user.and_then(|user| self.names_of_users.short_name(user).ok()) else {
            return false;
        };
        let groups = self.groups.as_ref();
        policy.admitted.admits(&short, groups) && !policy.blocked.admits(&short, groups)
    }
}

fn unlisted(protocol: &str) -> String {
    match WITHOUT_POLICY.contains(&protocol) {
        true => format!("Protocol interface {protocol} is not known."),
        false => format!("Unknown protocol: {protocol}"),
    }
}

fn read_policies(
    conf: &Configuration,
    authentication: Authentication,
    hosts: &dyn HostNames,
) -> Result<BTreeMap<&'static str, Policy>, SecurityError> {
    let mut policy_conf = conf.clone();
    policy_conf.add_resource(&policy_file(conf)?)?;
    let mut policies = BTreeMap::new();
    for protocol in HDFS_POLICY {
        let client = match protocol.client_principal_key {
            Some(key) if authentication.is_secure() => conf.string(key)?,
            _ => None,
        };
        let client = client.map(|text| PrincipalPattern::new(&text));
        policies.insert(protocol.interface, read_policy(&policy_conf, protocol, client, hosts)?);
    }
    Ok(policies)
}

fn policy_file(conf: &Configuration) -> Result<String, ConfError> {
    let property = conf.environment().property("hadoop.policy.file").map(str::to_owned);
    let name = conf.trimmed("hadoop.policy.file")?.or(property);
    Ok(name.filter(|name| !name.is_empty()).unwrap_or_else(|| POLICY_FILE.to_owned()))
}

fn read_policy(
    conf: &Configuration,
    protocol: ProtocolPolicy,
    client: Option<PrincipalPattern>,
    names: &dyn HostNames,
) -> Result<Policy, SecurityError> {
    let acl = |suffix: &str, otherwise| {
        let own = format!("{}{suffix}", protocol.acl_key);
        let text = own_or_default(conf, &own, &format!("{DEFAULT_ACL}{suffix}"), otherwise)?;
        Ok::<_, ConfError>(AccessControlList::parse(&text))
    };
    let machines = |suffix: &str, otherwise| {
        let own = format!("{}{suffix}", hosts_key(protocol.acl_key));
        let text =
            own_or_default(conf, &own, &format!("{}{suffix}", hosts_key(DEFAULT_ACL)), otherwise)?;
        MachineList::parse(&own, &text, names)
    };
    Ok(Policy {
        admitted: acl("", "*")?,
        blocked: acl(".blocked", "")?,
        hosts: machines("", "*")?,
        blocked_hosts: machines(".blocked", "")?,
        client,
    })
}

fn own_or_default(
    conf: &Configuration,
    own: &str,
    default: &str,
    otherwise: &str,
) -> Result<String, ConfError> {
    let own = conf.string(own)?;
    let text = if own.is_some() { own } else { conf.string(default)? };
    Ok(text.unwrap_or_else(|| otherwise.to_owned()))
}

/// `security.x.protocol.acl` → `security.x.protocol.hosts`.
fn hosts_key(acl_key: &str) -> String {
    let stem = acl_key.rsplit_once('.').map_or(acl_key, |(stem, _)| stem);
    format!("{stem}.hosts")
}

#[cfg(test)]
#[path = "service_authorization_tests.rs"]
mod tests;
