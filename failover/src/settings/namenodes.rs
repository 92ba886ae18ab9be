use hadoop_ipc::conf::nameservices::{NAMENODE_RPC_PORT, namenode_ids, suffixed_key};
use hadoop_ipc::conf::{Configuration, HostPort};

use super::{NameNodeSettings, StartFailure, generic_keys, keys};
use crate::types::NameNodeId;

const HTTP_PORT: u16 = 9870;
const HTTPS_PORT: u16 = 9871;
const ZKFC_PORT: i32 = 8019;

/// The settings of one NameNode. They come from the configuration as it is in the files: what is
/// set for the local NameNode alone says nothing of the others (Java lets it leak to them).
pub(super) fn settings_of(
    conf: &Configuration,
    id: &NameNodeId,
) -> Result<NameNodeSettings, StartFailure> {
    let no_address = || StartFailure::NoAddress {
        nameservice: id.nameservice.clone(),
        namenode: id.namenode.clone(),
    };
    let service = address(conf, keys::SERVICE_RPC_ADDRESS, id, NAMENODE_RPC_PORT)?;
    let service = match service {
        Some(service) => service,
        None => address(conf, keys::RPC_ADDRESS, id, NAMENODE_RPC_PORT)?.ok_or_else(no_address)?,
    };
    let own = generic_keys::promoted(conf, id)?;
    let https = own.trimmed(keys::HTTP_POLICY)?.as_deref() == Some("HTTPS_ONLY");
    Ok(NameNodeSettings {
        lifeline_address: lifeline(conf, id)?,
        http_address: http_address(&own, https, &service)?,
        addresses: addresses(conf, &own, id, &service)?,
        https,
        zkfc_port: zkfc_port(&own)?,
        fencing_methods: own.string(keys::FENCING_METHODS)?.filter(|text| !text.trim().is_empty()),
        principal: own.trimmed(keys::KERBEROS_PRINCIPAL)?.filter(|name| !name.is_empty()),
        properties: properties(&own),
        service_address: service,
        id: id.clone(),
    })
}

/// All other NameNodes of the nameservice.
pub(super) fn others(
    conf: &Configuration,
    local: &NameNodeId,
) -> Result<Vec<NameNodeSettings>, StartFailure> {
    let ids = namenode_ids(conf, &local.nameservice)?;
    let others = ids.into_iter().filter(|id| *id != local.namenode);
    others.map(|id| settings_of(conf, &NameNodeId::new(&local.nameservice, id))).collect()
}

fn address(
    conf: &Configuration,
    key: &str,
    id: &NameNodeId,
    default_port: u16,
) -> Result<Option<HostPort>, StartFailure> {
    let key = suffixed_key(key, Some(&id.nameservice), Some(&id.namenode));
    Ok(conf.optional_address(&key, default_port)?)
}

/// A lifeline without a port would be asked at port 0.
fn lifeline(conf: &Configuration, id: &NameNodeId) -> Result<Option<HostPort>, StartFailure> {
    let lifeline = address(conf, keys::LIFELINE_RPC_ADDRESS, id, 0)?;
    match lifeline {
        Some(HostPort { host, port: 0 }) => Err(StartFailure::Value {
            key: keys::LIFELINE_RPC_ADDRESS,
            value: host,
            reason: format!("the address for {id} needs a port: host:port"),
        }),
        lifeline => Ok(lifeline),
    }
}

/// A web server on every interface is reached at the NameNode's host.
fn http_address(
    own: &Configuration,
    https: bool,
    service: &HostPort,
) -> Result<HostPort, StartFailure> {
    let (key, port) =
        if https { (keys::HTTPS_ADDRESS, HTTPS_PORT) } else { (keys::HTTP_ADDRESS, HTTP_PORT) };
    let listens = own.optional_address(key, port)?;
    Ok(match listens {
        Some(address) if !address.is_wildcard() => address,
        Some(HostPort { port, .. }) => HostPort { host: service.host.clone(), port },
        None => HostPort { host: service.host.clone(), port },
    })
}

fn addresses(
    conf: &Configuration,
    own: &Configuration,
    id: &NameNodeId,
    service: &HostPort,
) -> Result<Vec<HostPort>, StartFailure> {
    let mut all = vec![service.clone()];
    all.extend(address(conf, keys::RPC_ADDRESS, id, NAMENODE_RPC_PORT)?);
    all.extend(lifeline(conf, id)?);
    all.push(http_address(own, false, service)?);
    all.push(http_address(own, true, service)?);
    Ok(all)
}

fn zkfc_port(own: &Configuration) -> Result<u16, StartFailure> {
    let port = own.int_or(keys::ZKFC_PORT, ZKFC_PORT)?;
    u16::try_from(port).map_err(|_| StartFailure::Value {
        key: keys::ZKFC_PORT,
        value: port.to_string(),
        reason: "must be a port, 1 to 65535, or 0 for any".to_owned(),
    })
}

fn properties(own: &Configuration) -> Vec<(String, String)> {
    let written = |key: String| Some((own.raw(&key)?.to_owned(), key));
    let properties = own.properties().filter_map(|property| written(property.key));
    properties.map(|(value, key)| (key, value)).collect()
}
