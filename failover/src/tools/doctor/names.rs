use std::collections::BTreeMap;
use std::net::IpAddr;

use futures_util::future::join_all;
use hadoop_ipc::conf::nameservices::shared_journal;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::Finding;
use crate::settings::NameserviceSettings;
use crate::tools::Context;
use crate::tools::cluster::servers_of;
use crate::tools::context::PATIENCE;

const AREA: &str = "names";

/// A host of the configuration: what it is there for, and its addresses.
pub(super) type Resolved = (String, String, Result<Vec<IpAddr>, String>);

/// Looks every host of a nameservice up, as this host knows them.
pub(super) async fn resolve(context: &Context, settings: &NameserviceSettings) -> Vec<Resolved> {
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut note = |host: &str, what: String| {
        let uses = hosts.entry(host.to_owned()).or_default();
        if !uses.contains(&what) {
            uses.push(what);
        }
    };
    for namenode in settings.good_namenodes() {
        let id = &namenode.id.namenode;
        note(&namenode.service_address.host, id.clone());
        note(&namenode.health_address().host, format!("lifeline of {id}"));
        note(&namenode.http_address.host, format!("web of {id}"));
    }
    for (_, zookeeper) in &settings.zookeeper {
        let quorum = zookeeper.as_ref().map_or("", |zookeeper| zookeeper.quorum.as_str());
        servers_of(quorum).iter().for_each(|server| note(&server.host, "ZooKeeper".to_owned()));
    }
    if let Ok(Some(journal)) = shared_journal(&context.conf, Some(&settings.name)) {
        let nodes = journal.journal_nodes.iter();
        nodes.for_each(|node| note(&node.host, "JournalNode".to_owned()));
    }
    join_all(hosts.into_iter().map(async |(host, uses)| {
        let addresses = addresses_of(&host).await;
        (host, uses.join(", "), addresses)
    }))
    .await
}

async fn addresses_of(host: &str) -> Result<Vec<IpAddr>, String> {
    let looked_up = timeout(PATIENCE, lookup_host((host, 0))).await;
    let found = looked_up.map_err(|_| format!("no answer within {PATIENCE:?}"))?;
    let mut addresses: Vec<_> =
        found.map_err(|error| error.to_string())?.map(|address| address.ip()).collect();
    addresses.dedup();
    Ok(addresses)
}

/// A row for each name.
pub(super) fn check(resolved: &[Resolved]) -> Vec<Finding> {
    let row = |(host, what, addresses): &Resolved| match addresses {
        Ok(addresses) => {
            let shown: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            Finding::good(AREA, host, format!("{} ({what})", shown.join(", ")))
        }
        Err(why) => Finding::bad(
            AREA,
            host,
            format!("does not resolve ({what}): {why}"),
            format!("add {host} to DNS or to /etc/hosts of every host, or correct the name"),
        ),
    };
    resolved.iter().map(row).collect()
}
