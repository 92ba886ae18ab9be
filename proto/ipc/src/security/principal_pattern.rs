use std::net::IpAddr;

use super::host_names::HostNames;

/// A configured principal, in which `_HOST` may stand for the name of a host: exactly
/// `service/_HOST@REALM`; anywhere else `_HOST` is text. Java: `SecurityUtil.getServerPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalPattern {
    text: String,
}

const HOST: &str = "_HOST";

impl PrincipalPattern {
    /// Any text; it is trimmed nowhere.
    pub fn new(text: &str) -> PrincipalPattern {
        PrincipalPattern { text: text.to_owned() }
    }

    /// Whether a host's name is needed.
    pub fn has_host_variable(&self) -> bool {
        self.parts().is_some()
    }

    /// The principal of a service on this host: the name in lower case. An empty name and
    /// `0.0.0.0` stand for this host.
    pub fn on_host(&self, host: &str, names: &dyn HostNames) -> String {
        let Some((service, realm)) = self.parts() else { return self.text.clone() };
        let host = match host {
            "" | "0.0.0.0" => names.local_name(),
            host => host.to_owned(),
        };
        format!("{service}/{}@{realm}", host.to_lowercase())
    }

    /// The principal of a service at this address, whose name is asked for only if needed.
    pub fn at_address(&self, address: IpAddr, names: &dyn HostNames) -> String {
        match self.has_host_variable() {
            true => self.on_host(&names.name_of(address), names),
            false => self.text.clone(),
        }
    }

    /// Service and realm, if the text is `service/_HOST@realm`. Java splits at `/` and `@` alike.
    fn parts(&self) -> Option<(&str, &str)> {
        let parts: Vec<&str> = self.text.split(['/', '@']).collect();
        match parts.as_slice() {
            [service, HOST, realm] if !realm.is_empty() => Some((service, realm)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::host_names::tests::Names;
    use super::*;

    /// Rows printed by Hadoop 3.4.3's SecurityUtil.
    #[test]
    fn the_host_is_put_in_as_java_puts_it() {
        let rows = [
            ("nn/_HOST@R", "nn/host.ex@R"),
            ("nn/_HOST", "nn/_HOST"),
            ("nn/h@R", "nn/h@R"),
            ("_HOST/h@R", "_HOST/h@R"),
            ("nn/_HOST@R/x", "nn/_HOST@R/x"),
            ("nn/_HOST@", "nn/_HOST@"),
            ("nn/_host@R", "nn/_host@R"),
            ("nn@_HOST@R", "nn/host.ex@R"),
            ("u", "u"),
        ];
        for (text, principal) in rows {
            let pattern = PrincipalPattern::new(text);
            assert_eq!(pattern.on_host("Host.EX", &Names::default()), principal, "{text}");
        }
    }

    #[test]
    fn a_wildcard_is_this_host() {
        for host in ["", "0.0.0.0"] {
            let pattern = PrincipalPattern::new("jn/_HOST@R");
            assert_eq!(pattern.on_host(host, &Names::default()), "jn/local.example@R");
        }
    }

    #[test]
    fn an_address_is_asked_for_its_name() {
        let address = "10.0.0.1".parse().unwrap();
        let names = Names([("NN01.ex".to_owned(), address)].into());
        assert_eq!(PrincipalPattern::new("nn/_HOST@R").at_address(address, &names), "nn/nn01.ex@R");
        assert_eq!(PrincipalPattern::new("nn@R").at_address(address, &names), "nn@R");
    }
}
