use std::net::{SocketAddr, ToSocketAddrs};

use hadoop_ipc::conf::Configuration;

use super::SettingsError;

/// Where to listen: the address of `key`, its host replaced by that of `bind_host_key`.
pub(super) fn listen_address(
    conf: &Configuration,
    bind_host_key: &str,
    key: &'static str,
    default_port: u16,
) -> Result<SocketAddr, SettingsError> {
    let address = conf.bind_address(bind_host_key, key, default_port)?;
    let unresolved = |source| SettingsError::Resolve { key, host: address.host.clone(), source };
    let mut resolved =
        (address.host.as_str(), address.port).to_socket_addrs().map_err(unresolved)?;
    let none = || std::io::Error::other("the name has no address");
    resolved.next().ok_or_else(none).map_err(unresolved)
}
