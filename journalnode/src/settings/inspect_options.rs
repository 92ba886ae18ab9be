use std::net::{SocketAddr, ToSocketAddrs};

use hadoop_ipc::conf::{ConfError, Configuration, HostPort};

use super::{SettingsError, keys};
use crate::inspect::{InspectAddress, InspectOptions, TlsFiles};

/// Beside Hadoop's own ports; Java has nothing there.
const DEFAULT_PORT: u16 = 8486;
const DEFAULT_HOST: &str = "127.0.0.1";
const OFF: &str = "off";
const NEEDS_TLS: &str = "it needs mutual TLS on a secure cluster: set \
     dfs.journalnode.inspect.tls.certificate, .key and .client-ca";

/// Where the inspection service listens, and whom it lets in. What Java's JournalNode does not
/// have must not keep ours from starting on the site files of a secure cluster: there the
/// service is off until it is told how to know its callers.
pub(super) fn inspect_options(
    conf: &Configuration,
    secure: bool,
) -> Result<InspectOptions, SettingsError> {
    let text = conf.trimmed(keys::INSPECT_ADDRESS)?;
    let asked_for = text.is_some();
    if text.as_deref() == Some(OFF) {
        let reason = format!("{} = {OFF}", keys::INSPECT_ADDRESS);
        return Ok(InspectOptions::Off { reason, asked_for: false });
    }
    let tls = inspect_tls(conf)?;
    if secure && tls.is_none() {
        return Ok(InspectOptions::Off { reason: NEEDS_TLS.to_owned(), asked_for });
    }
    Ok(InspectOptions::On(InspectAddress { address: resolve(&inspect_host_port(conf)?)?, tls }))
}

/// Where a node with this configuration offers the service; also when it is off.
pub fn inspect_host_port(conf: &Configuration) -> Result<HostPort, SettingsError> {
    let text = conf.trimmed(keys::INSPECT_ADDRESS)?.filter(|text| text != OFF);
    let Some(text) = text else {
        return Ok(HostPort { host: DEFAULT_HOST.to_owned(), port: DEFAULT_PORT });
    };
    HostPort::parse(&text, DEFAULT_PORT).map_err(|_| SettingsError::Value {
        key: keys::INSPECT_ADDRESS,
        value: text,
        reason: "must be host:port, or off",
    })
}

/// All three files, or none.
pub fn inspect_tls(conf: &Configuration) -> Result<Option<TlsFiles>, SettingsError> {
    let file = |key| -> Result<Option<String>, ConfError> { conf.trimmed(key) };
    let certificate = file(keys::INSPECT_TLS_CERTIFICATE)?;
    let key = file(keys::INSPECT_TLS_KEY)?;
    let client_ca = file(keys::INSPECT_TLS_CLIENT_CA)?;
    match (certificate, key, client_ca) {
        (Some(certificate), Some(key), Some(client_ca)) => Ok(Some(TlsFiles {
            certificate: certificate.into(),
            key: key.into(),
            client_ca: client_ca.into(),
        })),
        (None, None, None) => Ok(None),
        (certificate, key, client_ca) => Err(SettingsError::Value {
            key: "dfs.journalnode.inspect.tls.*",
            value: [certificate, key, client_ca]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
            reason: "set certificate, key and client-ca, or none of the three",
        }),
    }
}

fn resolve(address: &HostPort) -> Result<SocketAddr, SettingsError> {
    let key = keys::INSPECT_ADDRESS;
    let unresolved = |source| SettingsError::Resolve { key, host: address.host.clone(), source };
    let mut found = (address.host.as_str(), address.port).to_socket_addrs().map_err(unresolved)?;
    found.next().ok_or_else(|| unresolved(std::io::Error::other("the name has no address")))
}

#[cfg(test)]
mod tests {
    use hadoop_ipc::conf::Environment;

    use super::*;

    const TLS: [(&str, &str); 3] = [
        (keys::INSPECT_TLS_CERTIFICATE, "/tls/cert.pem"),
        (keys::INSPECT_TLS_KEY, "/tls/key.pem"),
        (keys::INSPECT_TLS_CLIENT_CA, "/tls/ca.pem"),
    ];

    fn options(pairs: &[(&str, &str)], secure: bool) -> Result<InspectOptions, SettingsError> {
        let mut conf = Configuration::empty(Environment::empty());
        pairs.iter().for_each(|(key, value)| conf.set(key, value, "test"));
        inspect_options(&conf, secure)
    }

    fn on(pairs: &[(&str, &str)], secure: bool) -> InspectAddress {
        match options(pairs, secure) {
            Ok(InspectOptions::On(address)) => address,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_listens_on_loopback_unless_told_otherwise() {
        let default = on(&[], false);
        assert_eq!((default.address.to_string().as_str(), &default.tls), ("127.0.0.1:8486", &None));
        assert!(!default.is_open_to_all());
        let open = on(&[(keys::INSPECT_ADDRESS, "0.0.0.0:9000")], false);
        assert_eq!(open.address.port(), 9000);
        assert!(open.is_open_to_all());
        let with_tls = [&[(keys::INSPECT_ADDRESS, "0.0.0.0")][..], &TLS].concat();
        assert!(!on(&with_tls, false).is_open_to_all());
        assert!(!on(&[(keys::INSPECT_ADDRESS, "[::1]:9000")], false).is_open_to_all());
    }

    #[test]
    fn it_can_be_turned_off() {
        let off = options(&[(keys::INSPECT_ADDRESS, "off")], false).unwrap();
        assert!(matches!(off, InspectOptions::Off { asked_for: false, .. }), "{off:?}");
    }

    #[test]
    fn a_secure_cluster_has_it_with_mutual_tls_or_not_at_all() {
        for (pairs, told) in [(&[][..], false), (&[(keys::INSPECT_ADDRESS, "127.0.0.1:1")], true)] {
            match options(pairs, true).unwrap() {
                InspectOptions::Off { reason, asked_for } => {
                    assert!(reason.contains("mutual TLS"), "{reason}");
                    assert_eq!(asked_for, told);
                }
                on => panic!("{on:?}"),
            }
        }
        assert_eq!(on(&TLS, true).tls.unwrap().client_ca.to_str(), Some("/tls/ca.pem"));
    }

    #[test]
    fn half_of_the_tls_keys_is_a_mistake_and_so_is_a_bad_address() {
        for left_out in 0..3 {
            let mut some = TLS.to_vec();
            some.remove(left_out);
            let error = options(&some, false).unwrap_err().to_string();
            assert!(error.contains("certificate, key and client-ca"), "{error}");
        }
        let error = options(&[(keys::INSPECT_ADDRESS, "h:99999")], false).unwrap_err();
        assert!(error.to_string().contains(keys::INSPECT_ADDRESS), "{error}");
    }
}
