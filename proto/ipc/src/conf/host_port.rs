use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::text::java_trim;

/// A host as it is written, not resolved, and a port. An IPv6 address is kept without brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    /// Host name or address.
    pub host: String,
    /// Port; 0 where the caller's default is 0, which binds to any free port.
    pub port: u16,
}

/// Not an address Java's `NetUtils.createSocketAddr` would take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a host:port address: {reason}")]
pub struct HostPortError {
    /// What was to be read.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl HostPort {
    /// Reads `host`, `host:port`, `[v6]:port` or `scheme://host:port/path`; nothing is resolved.
    /// Without a port, or with an empty one, the port is `default_port`.
    /// Java: `NetUtils.createSocketAddr`.
    pub fn parse(text: &str, default_port: u16) -> Result<HostPort, HostPortError> {
        let trimmed = java_trim(text);
        let reject = |reason| HostPortError { text: trimmed.to_owned(), reason };
        let authority = authority_of(trimmed).ok_or_else(|| reject("a path needs a scheme"))?;
        let address = authority.rsplit_once('@').map_or(authority, |(_user, address)| address);
        let (host, port) = split_port(address).map_err(reject)?;
        let port = match port {
            "" => default_port,
            digits => parse_port(digits).ok_or_else(|| reject("the port is not 0 to 65535"))?,
        };
        Ok(HostPort { host: host.to_owned(), port })
    }

    /// Whether this is the address that stands for every interface (`0.0.0.0` or `::`).
    pub fn is_wildcard(&self) -> bool {
        Ipv4Addr::from_str(&self.host).is_ok_and(|ip| ip.is_unspecified())
            || Ipv6Addr::from_str(&self.host).is_ok_and(|ip| ip.is_unspecified())
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

fn authority_of(text: &str) -> Option<&str> {
    match text.split_once("://") {
        Some((_scheme, rest)) => rest.split(['/', '?', '#']).next(),
        None => (!text.contains('/')).then_some(text),
    }
}

fn split_port(address: &str) -> Result<(&str, &str), &'static str> {
    if let Some(rest) = address.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("a '[' has no ']'")?;
        Ipv6Addr::from_str(host).map_err(|_| "what is in brackets is not an IPv6 address")?;
        let port = if after.is_empty() { Some("") } else { after.strip_prefix(':') };
        return Ok((host, port.ok_or("after ']' only :port may follow")?));
    }
    let (host, port) = address.split_once(':').unwrap_or((address, ""));
    match is_host(host) {
        true => Ok((host, port)),
        false => Err("the host may hold letters, digits, '-' and '.' (no '_'), IPv6 in brackets"),
    }
}

/// RFC 2396's `host`, which is what `java.net.URI` reads: labels neither begin nor end with
/// `-`, and the last of several begins with a letter unless the whole is an IPv4 address.
fn is_host(host: &str) -> bool {
    if Ipv4Addr::from_str(host).is_ok() {
        return true;
    }
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let top_is_alphabetic =
        labels.last().is_some_and(|top| top.starts_with(|c: char| c.is_ascii_alphabetic()));
    labels.iter().all(|label| is_label(label)) && (labels.len() == 1 || top_is_alphabetic)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn parse_port(digits: &str) -> Option<u16> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every row was printed by Hadoop 3.4.3's `NetUtils.createSocketAddr(text, 9)`, except that
    /// Java keeps the brackets of an IPv6 host.
    #[test]
    fn addresses_are_read_as_java_reads_them() {
        let rows: [(&str, Option<(&str, u16)>); 25] = [
            ("h:1", Some(("h", 1))),
            ("h", Some(("h", 9))),
            (" h:1 ", Some(("h", 1))),
            ("h:", Some(("h", 9))),
            ("0.0.0.0:0", Some(("0.0.0.0", 0))),
            ("[::1]:8485", Some(("::1", 8485))),
            ("[::1]", Some(("::1", 9))),
            ("::1", None),
            ("h_1:1", None),
            ("h:65535", Some(("h", 65535))),
            ("h:65536", None),
            ("h:-1", None),
            ("hdfs://h:1/p", Some(("h", 1))),
            ("hdfs://h", Some(("h", 9))),
            ("h:1/p", None),
            ("u@h:1", Some(("h", 1))),
            ("", None),
            ("h:x", None),
            ("h h:1", None),
            ("1.2.3:4", None),
            ("h.:1", Some(("h.", 1))),
            ("-h:1", None),
            ("1h:1", Some(("1h", 1))),
            ("h.1:1", None),
            (":1", None),
        ];
        for (text, address) in rows {
            let read = HostPort::parse(text, 9).ok();
            let expected = address.map(|(host, port)| HostPort { host: host.to_owned(), port });
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn wildcards_are_recognized_and_ipv6_is_shown_in_brackets() {
        let any = HostPort::parse("[::]:8485", 0).unwrap();
        assert!(any.is_wildcard());
        assert_eq!(any.to_string(), "[::]:8485");
        assert!(!HostPort::parse("node1:8485", 0).unwrap().is_wildcard());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(://|[\\[\\]:@/.é_ h1-]){0,16}") {
            let _ = HostPort::parse(&text, 1);
        }
    }
}
