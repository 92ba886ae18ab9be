use std::net::IpAddr;

use hadoop_ipc::conf::{Configuration, HostPort};
use hadoop_ipc::security::{Authentication, SecurityError};
use tracing::info;

use super::{
    EvidenceSettings, HealthSettings, Host, NameNodeSettings, StartFailure, StrangeNode,
    SystemHost, TransitionSettings, ZooKeeperSettings, evidence_settings, generic_keys, keys,
    local_namenode, namenodes, timing, zookeeper,
};
use crate::types::{ActiveNode, NameNodeId};

/// Everything the controller takes from its configuration.
#[derive(Clone, Debug)]
pub struct ControllerSettings {
    /// The NameNode that this controller looks after.
    pub local: NameNodeSettings,
    /// Name of the local NameNode's host, for lock and breadcrumb.
    pub local_host_name: String,
    /// All other NameNodes of the nameservice, observers included, in the order of the files.
    pub peers: Vec<NameNodeSettings>,
    /// Where the RPC server listens; port 0 for any.
    pub rpc_bind: HostPort,
    /// Where status is served over HTTP, if anywhere.
    pub http_address: Option<HostPort>,
    /// How ZooKeeper is used.
    pub zookeeper: ZooKeeperSettings,
    /// How the local NameNode's health is watched.
    pub health: HealthSettings,
    /// How long calls that change a NameNode's state may take.
    pub transitions: TransitionSettings,
    /// When evidence stands in for fencing; `None`: never.
    pub evidence: Option<EvidenceSettings>,
    /// `dfs.cluster.administrators`: who may ask for failovers, beside our own user.
    pub administrators: String,
    /// Whether the process ends when ZooKeeper stays out of reach.
    pub exit_without_zookeeper: bool,
    /// Whether `-formatZK` sets the ACL of ancestors that it did not create.
    pub format_ancestor_acls: bool,
    /// The configuration as the local NameNode sees it.
    pub conf: Configuration,
}

impl ControllerSettings {
    /// Reads and checks the configuration, in Java's order: the first failure is the one whose
    /// exit code Java gives. Names are resolved; nothing else touches the network.
    pub fn from_conf(conf: &Configuration) -> Result<Self, StartFailure> {
        Self::from_conf_on(conf, &SystemHost::default())
    }

    /// As [`ControllerSettings::from_conf`], on a host of which `host` knows names and addresses.
    pub fn from_conf_on(conf: &Configuration, host: &dyn Host) -> Result<Self, StartFailure> {
        let id = local_namenode::detect(conf, host)?;
        let local = namenodes::settings_of(conf, &id)?;
        let promoted = generic_keys::promoted_for_controller(conf, &id)?;
        if !promoted.boolean_or(keys::AUTOMATIC_FAILOVER, false)? {
            return Err(StartFailure::AutomaticFailoverOff { nameservice: id.nameservice });
        }
        refuse_kerberos(conf)?;
        let zookeeper = zookeeper::settings(&promoted, &id.nameservice)?;
        info!("failover controller configured for NameNode {id} at {}", local.service_address);
        Ok(Self {
            local_host_name: host_name(&local.service_address.host, host),
            peers: namenodes::others(conf, &id)?,
            rpc_bind: rpc_bind(&promoted, &local)?,
            http_address: status_address(&promoted)?,
            evidence: evidence_settings::settings(
                &promoted,
                &id.nameservice,
                zookeeper.session_timeout,
            )?,
            zookeeper,
            health: timing::health(&promoted)?,
            transitions: timing::transitions(&promoted)?,
            // Java's default is one blank: nobody.
            administrators: promoted.string(keys::ADMINISTRATORS)?.unwrap_or_default(),
            exit_without_zookeeper: promoted.boolean_or(keys::EXIT_WITHOUT_ZOOKEEPER, false)?,
            format_ancestor_acls: promoted.boolean_or(keys::FORMAT_ANCESTOR_ACLS, false)?,
            conf: promoted,
            local,
        })
    }

    /// What lock and breadcrumb say of the local NameNode, once the RPC server has its port.
    pub fn active_node(&self, zkfc_port: u16) -> ActiveNode {
        ActiveNode {
            id: self.local.id.clone(),
            hostname: self.local_host_name.clone(),
            port: self.local.service_address.port.into(),
            zkfc_port: zkfc_port.into(),
        }
    }

    /// The configured NameNode that lock or breadcrumb name, with the port its controller has
    /// (`DFSZKFailoverController.dataToTarget`). Addresses are compared as the two hosts resolve,
    /// since each may spell them its own way. Resolving blocks.
    pub fn target(
        &self,
        node: &ActiveNode,
        host: &dyn Host,
    ) -> Result<NameNodeSettings, StrangeNode> {
        let unknown = || StrangeNode::Unknown { node: node.clone() };
        let configured = self.namenode(&node.id).ok_or_else(unknown)?;
        let address = &configured.service_address;
        let is_same = i32::from(address.port) == node.port
            && (address.host == node.hostname
                || resolves_alike(&address.host, &node.hostname, host));
        match u16::try_from(node.zkfc_port) {
            Ok(zkfc_port) if is_same => Ok(NameNodeSettings { zkfc_port, ..configured.clone() }),
            _ => Err(StrangeNode::Elsewhere { node: node.clone(), configured: address.clone() }),
        }
    }

    /// What an operator should hear at start: credentials that Java may find, and this does not.
    pub fn warning(&self) -> Option<String> {
        let providers = self.conf.trimmed(keys::CREDENTIAL_PROVIDERS).ok().flatten()?;
        (!providers.is_empty() && self.zookeeper.auth.is_empty()).then(|| {
            format!(
                "{} is not read here, and {} has no value: if the credentials towards ZooKeeper \
                 are in {providers}, put them into a file that only this user can read, and set \
                 {} to @FILE",
                keys::CREDENTIAL_PROVIDERS,
                keys::AUTH,
                keys::AUTH
            )
        })
    }

    /// The NameNode of this name, if it is configured.
    pub fn namenode(&self, id: &NameNodeId) -> Option<&NameNodeSettings> {
        std::iter::once(&self.local).chain(&self.peers).find(|namenode| namenode.id == *id)
    }
}

/// Java logs in at this point.
fn refuse_kerberos(conf: &Configuration) -> Result<(), StartFailure> {
    match Authentication::from_configuration(conf) {
        Ok(Authentication::Simple) => Ok(()),
        Ok(Authentication::Kerberos) => Err(StartFailure::Kerberos),
        Err(SecurityError::UnknownAuthentication { value }) => Err(StartFailure::Value {
            key: keys::AUTHENTICATION,
            value,
            reason: "must be simple or kerberos".to_owned(),
        }),
        Err(other) => Err(other.into()),
    }
}

/// A name stays as it is written; an address becomes a name where it has one
/// (`InetSocketAddress.getHostName`).
fn host_name(host: &str, names: &dyn Host) -> String {
    host.parse::<IpAddr>().map_or_else(|_| host.to_owned(), |address| names.name_of(address))
}

/// As in Java, the first address of each name counts.
fn resolves_alike(one: &str, other: &str, names: &dyn Host) -> bool {
    let first = |name: &str| names.addresses_of(name).into_iter().next();
    first(one).is_some_and(|address| first(other) == Some(address))
}

fn rpc_bind(conf: &Configuration, local: &NameNodeSettings) -> Result<HostPort, StartFailure> {
    let bind_host = |key| Ok::<_, StartFailure>(conf.trimmed(key)?.filter(|host| !host.is_empty()));
    let host = match bind_host(keys::SERVICE_RPC_BIND_HOST)? {
        Some(host) => host,
        None => {
            let host = bind_host(keys::RPC_BIND_HOST)?;
            host.unwrap_or_else(|| local.service_address.host.clone())
        }
    };
    Ok(HostPort { host, port: local.zkfc_port })
}

fn status_address(conf: &Configuration) -> Result<Option<HostPort>, StartFailure> {
    let value = conf.trimmed(keys::STATUS_HTTP_ADDRESS)?.unwrap_or_default();
    if value.is_empty() || value.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    Ok(conf.optional_address(keys::STATUS_HTTP_ADDRESS, 0)?)
}

#[cfg(test)]
#[path = "controller_settings_tests.rs"]
mod tests;
