use std::fmt;
use std::net::{IpAddr, UdpSocket};

use hadoop_ipc::security::{HostNames, SystemHostNames};

/// What is asked of the host the controller runs on.
pub trait Host: fmt::Debug {
    /// The addresses of a name; empty if it has none.
    fn addresses_of(&self, name: &str) -> Vec<IpAddr>;

    /// The name of an address; the address itself if it has none.
    fn name_of(&self, address: IpAddr) -> String;

    /// Whether an address is one of this host's (`NetUtils.isLocalAddress`).
    fn is_local(&self, address: IpAddr) -> bool;
}

/// The host as its operating system knows it.
#[derive(Debug, Default)]
pub struct SystemHost {
    names: SystemHostNames,
}

impl Host for SystemHost {
    fn addresses_of(&self, name: &str) -> Vec<IpAddr> {
        self.names.addresses_of(name)
    }

    fn name_of(&self, address: IpAddr) -> String {
        self.names.name_of(address)
    }

    /// Only an address of an interface of this host can be bound.
    fn is_local(&self, address: IpAddr) -> bool {
        address.is_unspecified() || address.is_loopback() || UdpSocket::bind((address, 0)).is_ok()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A host of a table: names, and which addresses are its own.
    #[derive(Debug, Default)]
    pub(in crate::settings) struct Table {
        pub(in crate::settings) names: BTreeMap<String, IpAddr>,
        pub(in crate::settings) own: Vec<IpAddr>,
    }

    impl Table {
        /// One host of a cluster whose names resolve to these addresses.
        pub(in crate::settings) fn of(own: &str, names: &[(&str, &str)]) -> Self {
            let parse = |address: &str| address.parse().unwrap();
            let names = names.iter().map(|(name, at)| ((*name).to_owned(), parse(at)));
            Self { names: names.collect(), own: vec![parse(own)] }
        }
    }

    impl Host for Table {
        fn addresses_of(&self, name: &str) -> Vec<IpAddr> {
            name.parse().ok().or(self.names.get(name).copied()).into_iter().collect()
        }

        fn name_of(&self, address: IpAddr) -> String {
            let found = self.names.iter().find(|(_, known)| **known == address);
            found.map_or(address.to_string(), |(name, _)| name.clone())
        }

        fn is_local(&self, address: IpAddr) -> bool {
            address.is_loopback() || self.own.contains(&address)
        }
    }

    #[test]
    fn loopback_is_local_and_a_documentation_address_is_not() {
        let host = SystemHost::default();
        assert!(host.is_local("127.0.0.1".parse().unwrap()));
        assert!(host.is_local("0.0.0.0".parse().unwrap()));
        assert!(!host.is_local("192.0.2.1".parse().unwrap()));
    }
}
