use std::net::{IpAddr, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::bounded_command::output_of;
use super::expiring_cache::ExpiringCache;

/// Longest wait for a name.
const LOOKUP_LIMIT: Duration = Duration::from_secs(10);

/// How long a name is believed; a connection must not cost a DNS round trip each (HDFS-17776).
const NAME_GOOD_FOR: Duration = Duration::from_secs(60);

/// Addresses whose names are remembered at a time.
const MAX_CACHED_NAMES: usize = 4096;

/// Names of hosts and their addresses.
pub trait HostNames: Send + Sync + std::fmt::Debug {
    /// The name of an address; the address itself as text if it has none.
    /// Java: `DNSDomainNameResolver.getHostnameByIP`.
    fn name_of(&self, address: IpAddr) -> String;

    /// The addresses of a name; empty if it has none.
    fn addresses_of(&self, name: &str) -> Vec<IpAddr>;

    /// The full name of this host. Java: `SecurityUtil.getLocalHostName`.
    fn local_name(&self) -> String;
}

/// The names the operating system knows: hosts file, DNS and what else its name service switch
/// asks. Blocks while asking; answers to `name_of` are remembered for a minute.
#[derive(Debug)]
pub struct SystemHostNames {
    names: ExpiringCache<IpAddr, String>,
}

impl SystemHostNames {
    /// Remembers nothing yet.
    pub fn new() -> SystemHostNames {
        SystemHostNames { names: ExpiringCache::new(MAX_CACHED_NAMES) }
    }
}

impl Default for SystemHostNames {
    fn default() -> Self {
        SystemHostNames::new()
    }
}

impl HostNames for SystemHostNames {
    fn name_of(&self, address: IpAddr) -> String {
        let address = address.to_canonical();
        self.names.find_or_ask(&address, Instant::now(), || {
            let line = output_of("getent", &["hosts", &address.to_string()], LOOKUP_LIMIT);
            let name = line.as_deref().and_then(name_in_hosts_line);
            (name.unwrap_or_else(|| address.to_string()), NAME_GOOD_FOR)
        })
    }

    fn addresses_of(&self, name: &str) -> Vec<IpAddr> {
        let addresses = (name, 0).to_socket_addrs();
        addresses.map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default()
    }

    fn local_name(&self) -> String {
        let short = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let Some(address) = self.addresses_of(&short).into_iter().next() else { return short };
        let name = self.name_of(address);
        if name.parse::<IpAddr>().is_ok() { short } else { name }
    }
}

/// The name in a line of a hosts file, which is also what `getent hosts` prints.
fn name_in_hosts_line(line: &str) -> Option<String> {
    let name = line.split_whitespace().nth(1)?;
    Some(name.strip_suffix('.').unwrap_or(name).to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Names from a table.
    #[derive(Debug, Default)]
    pub(in crate::security) struct Names(pub(in crate::security) BTreeMap<String, IpAddr>);

    impl HostNames for Names {
        fn name_of(&self, address: IpAddr) -> String {
            let found = self.0.iter().find(|(_, known)| **known == address);
            found.map_or(address.to_string(), |(name, _)| name.clone())
        }

        fn addresses_of(&self, name: &str) -> Vec<IpAddr> {
            name.parse().ok().or(self.0.get(name).copied()).into_iter().collect()
        }

        fn local_name(&self) -> String {
            "local.example".to_owned()
        }
    }

    #[test]
    fn a_hosts_line_names_the_host_second() {
        let name = name_in_hosts_line("10.0.0.1       nn01.example. nn01\n");
        assert_eq!(name.as_deref(), Some("nn01.example"));
        assert_eq!(name_in_hosts_line("10.0.0.1\n"), None);
    }

    #[test]
    fn loopback_has_a_name_or_stays_itself() {
        let name = SystemHostNames::new().name_of("127.0.0.1".parse().unwrap());
        assert!(!name.is_empty());
        assert!(!SystemHostNames::new().local_name().is_empty());
    }
}
