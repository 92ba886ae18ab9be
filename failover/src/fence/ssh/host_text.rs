/// Whether a host from the breadcrumb may stand in commands. ZooKeeper's nodes are open to the
/// world by default, so anybody may have written it; it must not reach a shell as more than a name.
pub(super) fn is_plain_host(host: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    !host.is_empty() && !host.starts_with('-') && host.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_pass_and_nothing_else() {
        for host in ["nn01.example.com", "10.0.0.1", "fe80::1%eth0", "my_host"] {
            assert!(is_plain_host(host), "{host}");
        }
        for host in ["", "-oProxyCommand=x", "a;reboot", "a b", "$(x)", "a'b", "a\nb"] {
            assert!(!is_plain_host(host), "{host}");
        }
    }
}
