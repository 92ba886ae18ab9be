use std::net::{IpAddr, SocketAddr, UdpSocket};

use hadoop_ipc::client::Target;
use hadoop_ipc::conf::Configuration;
use hadoop_ipc::conf::nameservices::{SharedEditsError, shared_journal};

/// The other nodes of a journal, as configured. Names are resolved at each connect, not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// How many nodes keep the journal, this one included.
    pub nodes: usize,
    /// The others.
    pub others: Vec<Target>,
}

impl Member {
    /// Reads `dfs.namenode.shared.edits.dir`; `None` if it does not say who keeps this
    /// journal. `own` is where this node serves: a node of that port on any address of this
    /// machine is this node.
    pub async fn of(
        conf: &Configuration,
        journal: &str,
        nameservice: Option<&str>,
        own: SocketAddr,
    ) -> Result<Option<Self>, SharedEditsError> {
        let Some(uri) = shared_journal(conf, nameservice)? else { return Ok(None) };
        if uri.journal_id != journal {
            return Ok(None);
        }
        let mut others = Vec::new();
        for node in &uri.journal_nodes {
            let target = Target::new(node.host.clone(), node.port);
            if !others.contains(&target) && !is_self(&target, own).await {
                others.push(target);
            }
        }
        Ok(Some(Self { nodes: uri.journal_nodes.len(), others }))
    }
}

/// A name that cannot be resolved now is taken for another node's: asking oneself is harmless.
async fn is_self(target: &Target, own: SocketAddr) -> bool {
    if target.port != own.port() {
        return false;
    }
    let Ok(addresses) = tokio::net::lookup_host((target.host.as_str(), target.port)).await else {
        return false;
    };
    addresses.into_iter().any(|address| serves(own.ip(), address.ip()))
}

/// Whether a server bound to `own` is reached at `address`.
fn serves(own: IpAddr, address: IpAddr) -> bool {
    address.is_unspecified() || own == address || (own.is_unspecified() && is_local(address))
}

/// Only an address of this machine can be bound.
fn is_local(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    fn conf(pairs: &[(&str, &str)]) -> Configuration {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        conf
    }

    async fn others(own: &str, uri: &str) -> Vec<String> {
        let conf = conf(&[("dfs.namenode.shared.edits.dir", uri)]);
        let member = Member::of(&conf, "j", None, own.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(member.nodes, 3);
        member.others.iter().map(ToString::to_string).collect()
    }

    #[tokio::test]
    async fn jn_140_the_own_address_is_no_peer() {
        let uri = "qjournal://127.0.0.1:8485;127.0.0.1:18485;192.0.2.1:8485/j";
        let expected = ["127.0.0.1:18485", "192.0.2.1:8485"];
        assert_eq!(others("127.0.0.1:8485", uri).await, expected);
        assert_eq!(others("0.0.0.0:8485", uri).await, expected);
        assert_eq!(others("127.0.0.1:1", uri).await.len(), 3);
    }

    #[tokio::test]
    async fn two_nodes_of_one_machine_may_share_a_port_on_different_addresses() {
        let uri = "qjournal://127.0.0.1:8485;127.0.0.2:8485;0.0.0.0:8485/j";
        assert_eq!(others("127.0.0.1:8485", uri).await, ["127.0.0.2:8485"]);
    }

    #[tokio::test]
    async fn a_name_that_does_not_resolve_is_a_peer_all_the_same() {
        let uri = "qjournal://no-such-host.invalid:8485;127.0.0.1:1;127.0.0.1:2/j";
        assert_eq!(others("127.0.0.1:1", uri).await.len(), 2);
    }

    #[tokio::test]
    async fn jn_137_suffixed_keys_need_the_nameservice() {
        let conf = conf(&[("dfs.namenode.shared.edits.dir.ns1", "qjournal://192.0.2.1/j")]);
        let own = "127.0.0.1:8485".parse().unwrap();
        assert_eq!(Member::of(&conf, "j", None, own).await.unwrap(), None);
        assert_eq!(Member::of(&conf, "j", Some("ns1"), own).await.unwrap().unwrap().nodes, 1);
        assert_eq!(Member::of(&conf, "other", Some("ns1"), own).await.unwrap(), None);
    }
}
