use hadoop_ipc::conf::HostPort;

use crate::types::NameNodeId;

/// What the configuration says of one NameNode: its own keys (`….<nameservice>.<namenode>`) come
/// before the general ones. Addresses are not resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameNodeSettings {
    /// Which NameNode.
    pub id: NameNodeId,
    /// Where it takes transitions, and checks of its health unless it has a lifeline.
    pub service_address: HostPort,
    /// Where its health is asked for, if it has an address of its own for that.
    pub lifeline_address: Option<HostPort>,
    /// Its web server.
    pub http_address: HostPort,
    /// All addresses that its configuration gives its host, web servers that may be off included:
    /// a host that lives refuses there, and one that is gone is silent.
    pub addresses: Vec<HostPort>,
    /// Whether the web server is reached over HTTPS alone.
    pub https: bool,
    /// Port of its controller; 0 for any, which only ZooKeeper then knows.
    pub zkfc_port: u16,
    /// `dfs.ha.fencing.methods` as written for it; `None` where none are configured.
    pub fencing_methods: Option<String>,
    /// `dfs.namenode.kerberos.principal`, with `_HOST` in place.
    pub principal: Option<String>,
    /// The whole configuration as this NameNode sees it, values as written: what fencing scripts
    /// find in their environment.
    pub properties: Vec<(String, String)>,
}

impl NameNodeSettings {
    /// Where health is asked for.
    pub fn health_address(&self) -> &HostPort {
        self.lifeline_address.as_ref().unwrap_or(&self.service_address)
    }

    /// Where its controller listens, unless ZooKeeper knows another port.
    pub fn zkfc_address(&self) -> HostPort {
        HostPort { host: self.service_address.host.clone(), port: self.zkfc_port }
    }
}
