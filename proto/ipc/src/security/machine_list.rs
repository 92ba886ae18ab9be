use std::net::IpAddr;

use crate::conf::trimmed_strings;

use super::error::SecurityError;
use super::host_names::HostNames;

/// Hosts, by address, address range or name; `*` alone is all of them, and an empty list is none.
///
/// Names are resolved once, when the list is read; one that does not resolve is left out with a
/// warning. Java: `MachineList`. Beyond Java, ranges may be IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineList {
    all: bool,
    addresses: Vec<IpAddr>,
    ranges: Vec<AddressRange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AddressRange {
    network: IpAddr,
    prefix_bits: u8,
}

impl MachineList {
    /// Reads the comma-separated list that `key` holds.
    pub fn parse(
        key: &str,
        text: &str,
        names: &dyn HostNames,
    ) -> Result<MachineList, SecurityError> {
        let entries = trimmed_strings(text);
        let mut list = MachineList { all: false, addresses: Vec::new(), ranges: Vec::new() };
        if entries == ["*"] {
            list.all = true;
            return Ok(list);
        }
        for entry in entries {
            if entry.contains('/') {
                list.ranges.push(AddressRange::parse(key, &entry)?);
            } else {
                list.add_host(key, &entry, names);
            }
        }
        Ok(list)
    }

    fn add_host(&mut self, key: &str, host: &str, names: &dyn HostNames) {
        match host.parse::<IpAddr>() {
            Ok(address) => self.addresses.push(address.to_canonical()),
            // Java takes the first address of a name and no other.
            Err(_) => match names.addresses_of(host).first() {
                Some(address) => self.addresses.push(address.to_canonical()),
                None => tracing::warn!("{key}: host {host:?} is unknown and left out"),
            },
        }
    }

    /// Whether the host of this address is in the list.
    pub fn includes(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.all
            || self.addresses.contains(&address)
            || self.ranges.iter().any(|range| range.includes(address))
    }
}

impl AddressRange {
    fn parse(key: &str, entry: &str) -> Result<AddressRange, SecurityError> {
        let bad =
            || SecurityError::BadAddressRange { key: key.to_owned(), entry: entry.to_owned() };
        let (network, bits) = entry.split_once('/').ok_or_else(bad)?;
        let network: IpAddr = network.parse().map_err(|_| bad())?;
        let prefix_bits: u8 = bits.parse().map_err(|_| bad())?;
        let width = if network.is_ipv4() { 32 } else { 128 };
        if prefix_bits > width { Err(bad()) } else { Ok(AddressRange { network, prefix_bits }) }
    }

    fn includes(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = u32::from(network) ^ u32::from(address);
                differing.leading_zeros() >= u32::from(self.prefix_bits)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = u128::from(network) ^ u128::from(address);
                differing.leading_zeros() >= u32::from(self.prefix_bits)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::host_names::tests::Names;
    use super::*;

    fn includes(text: &str, address: &str) -> bool {
        let names = Names([("nn01".to_owned(), "1.2.3.4".parse().unwrap())].into());
        let list = MachineList::parse("k", text, &names).unwrap();
        list.includes(address.parse().unwrap())
    }

    /// JN-036. Compared with Hadoop 3.4.3's MachineList.
    #[test]
    fn lists_are_read_as_java_reads_them() {
        let rows = [
            ("*", true, true),
            ("1.2.3.4", true, false),
            ("1.2.3.0/24", true, true),
            ("1.2.3.4/32", true, false),
            ("1.2.3.5/31", true, true),
            ("*,1.2.3.4", true, false),
            ("", false, false),
            ("unknown.invalid, 1.2.3.4", true, false),
            ("nn01", true, false),
            ("0.0.0.0/0", true, true),
            ("10.0.0.0/8", false, false),
        ];
        for (text, first, second) in rows {
            assert_eq!(
                (includes(text, "1.2.3.4"), includes(text, "1.2.3.5")),
                (first, second),
                "{text:?}"
            );
        }
    }

    #[test]
    fn ipv6_and_mapped_addresses_are_compared_by_value() {
        assert!(includes("1.2.3.4", "::ffff:1.2.3.4"));
        assert!(includes("fe80::/10", "fe80::1"));
        assert!(!includes("fe80::/10", "1.2.3.4"));
        assert!(includes("::1", "0:0:0:0:0:0:0:1"));
    }

    #[test]
    fn a_bad_range_names_its_key() {
        for entry in ["1.2.3.4/33", "nn01/8", "1.2.3.4/", "/8", "1.2.3.4/-1"] {
            let error = MachineList::parse("k.hosts", entry, &Names::default()).unwrap_err();
            assert!(error.to_string().starts_with("k.hosts"), "{error}");
        }
    }
}
