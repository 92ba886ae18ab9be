use hadoop_ipc::conf::Configuration;
use hadoop_ipc::conf::nameservices::{NameNodeAddress, namenode_rpc_addresses, nameservices};

use super::{Host, StartFailure, SystemHost, keys};
use crate::types::NameNodeId;

/// The NameNode of this host, if the configuration tells which.
pub fn local_namenode(conf: &Configuration) -> Option<NameNodeId> {
    detect(conf, &SystemHost::default()).ok()
}

/// Which NameNode this host runs: the pinned one, else the one whose RPC address is local
/// (`DFSUtil.getNamenodeNameServiceId`, `HAUtil.getNameNodeId`).
pub(super) fn detect(conf: &Configuration, host: &dyn Host) -> Result<NameNodeId, StartFailure> {
    let addresses = namenode_rpc_addresses(conf)?;
    let pinned = conf.trimmed(keys::NAMENODE_ID)?.filter(|id| !id.is_empty());
    let nameservice = nameservice(conf, host, &addresses, pinned.as_deref())?;
    let of_nameservice: Vec<_> =
        addresses.iter().filter(|at| at.nameservice.as_deref() == Some(&nameservice)).collect();
    if of_nameservice.len() < 2 || of_nameservice.iter().any(|at| at.namenode.is_none()) {
        return Err(StartFailure::NotHighlyAvailable { nameservice });
    }
    if let Some(namenode) = pinned {
        return Ok(NameNodeId { nameservice, namenode });
    }
    match only_local(&of_nameservice, host) {
        Ok(at) => Ok(NameNodeId::new(nameservice, at.namenode.clone().unwrap_or_default())),
        Err(reason) => Err(StartFailure::NoNameNode { nameservice, reason }),
    }
}

fn nameservice(
    conf: &Configuration,
    host: &dyn Host,
    addresses: &[NameNodeAddress],
    pinned_namenode: Option<&str>,
) -> Result<String, StartFailure> {
    if let Some(pinned) = conf.trimmed(keys::NAMESERVICE_ID)?.filter(|id| !id.is_empty()) {
        return Ok(pinned);
    }
    let mut nameservices = nameservices(conf)?;
    if nameservices.len() <= 1 {
        let reason = "dfs.nameservices names none".to_owned();
        return nameservices.pop().ok_or(StartFailure::NoNameservice { reason });
    }
    let candidates: Vec<_> = addresses
        .iter()
        .filter(|at| pinned_namenode.is_none() || at.namenode.as_deref() == pinned_namenode)
        .collect();
    let found = only_local(&candidates, host);
    let found = found.map_err(|reason| StartFailure::NoNameservice { reason })?;
    Ok(found.nameservice.clone().unwrap_or_default())
}

/// The one NameNode of `candidates` on this host; else which ones there are.
fn only_local<'a>(
    candidates: &[&'a NameNodeAddress],
    host: &dyn Host,
) -> Result<&'a NameNodeAddress, String> {
    let local: Vec<_> = candidates.iter().filter(|at| is_local(at, host)).collect();
    match local.as_slice() {
        [one] => Ok(one),
        [] => Err(format!("none of {} is an address of this host", list(candidates))),
        several => {
            let several: Vec<_> = several.iter().map(|at| **at).collect();
            Err(format!("{} are all addresses of this host", list(&several)))
        }
    }
}

/// As Java, only the first address of a name counts.
fn is_local(at: &NameNodeAddress, host: &dyn Host) -> bool {
    let resolved = host.addresses_of(&at.address.host).into_iter().next();
    resolved.is_some_and(|address| host.is_local(address))
}

fn list(addresses: &[&NameNodeAddress]) -> String {
    let names = addresses.iter().map(|at| {
        let id = [at.nameservice.as_deref(), at.namenode.as_deref()];
        let id: Vec<_> = id.into_iter().flatten().collect();
        format!("{} ({})", id.join("/"), at.address)
    });
    names.collect::<Vec<_>>().join(", ")
}
