use std::net::{IpAddr, SocketAddr};

use crate::types::ActiveNode;

/// The NameNode to fence, and what its scripts are told.
#[derive(Clone, Debug)]
pub struct FenceTarget {
    /// As the breadcrumb names it.
    pub node: ActiveNode,
    /// Its service address resolved, if the name could be resolved.
    pub address: Option<SocketAddr>,
    /// Every property of the configuration as the target sees it, values not substituted.
    pub properties: Vec<(String, String)>,
}

impl FenceTarget {
    /// The service address as Java prints a socket address: `host/ip:port`, `/ip:port` for a bare
    /// IP, `host/<unresolved>:port` for a name that leads nowhere.
    pub(super) fn java_address(&self) -> String {
        let (host, port) = (&self.node.hostname, self.node.port);
        let Some(address) = self.address else { return format!("{host}/<unresolved>:{port}") };
        let is_name = host.trim_matches(['[', ']']).parse::<IpAddr>().is_err();
        format!("{}/{}:{port}", if is_name { host } else { "" }, java_ip(address.ip()))
    }
}

/// Java writes IPv6 in eight groups, in brackets, none left out.
fn java_ip(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let groups: Vec<String> = ip.segments().iter().map(|g| format!("{g:x}")).collect();
            format!("[{}]", groups.join(":"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::NameNodeId;

    fn address_of(hostname: &str, ip: Option<&str>) -> String {
        let node = ActiveNode {
            id: NameNodeId::new("ns", "nn1"),
            hostname: hostname.to_owned(),
            port: 8020,
            zkfc_port: 8019,
        };
        let address = ip.map(|ip| SocketAddr::new(ip.parse().unwrap(), 8020));
        FenceTarget { node, address, properties: Vec::new() }.java_address()
    }

    #[test]
    fn fc_097_the_address_is_javas_text() {
        assert_eq!(address_of("nn01", Some("10.0.0.1")), "nn01/10.0.0.1:8020");
        assert_eq!(address_of("10.0.0.1", Some("10.0.0.1")), "/10.0.0.1:8020");
        assert_eq!(address_of("nn01", Some("::1")), "nn01/[0:0:0:0:0:0:0:1]:8020");
        assert_eq!(address_of("nn01", None), "nn01/<unresolved>:8020");
    }
}
