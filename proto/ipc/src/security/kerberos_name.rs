use std::fmt;

use super::error::NameError;

/// A Kerberos principal taken apart: `service/host@REALM`, of which only the first part is sure.
/// Java: `KerberosName`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KerberosName {
    /// First component; all of the text, if it is no principal at all.
    pub service: String,
    /// Second component.
    pub host: Option<String>,
    /// What follows the `@`.
    pub realm: Option<String>,
}

impl KerberosName {
    /// A text that is not of the form is a plain name, unless it holds an `@`: then it is wrong.
    pub fn parse(text: &str) -> Result<KerberosName, NameError> {
        match split(text) {
            Some(name) => Ok(name),
            None if text.contains('@') => Err(NameError::Malformed(text.to_owned())),
            None => Ok(KerberosName { service: text.to_owned(), host: None, realm: None }),
        }
    }
}

fn split(text: &str) -> Option<KerberosName> {
    let (components, realm) = match text.split_once('@') {
        Some((components, realm)) => (components, Some(realm)),
        None => (text, None),
    };
    let (service, host) = match components.split_once('/') {
        Some((service, host)) => (service, Some(host)),
        None => (components, None),
    };
    let is_part = |part: &str| !part.is_empty() && !part.contains(['/', '@']);
    let all_are = [Some(service), host, realm].into_iter().flatten().all(is_part);
    let owned = |part: Option<&str>| part.map(str::to_owned);
    all_are.then(|| KerberosName {
        service: service.to_owned(),
        host: owned(host),
        realm: owned(realm),
    })
}

impl fmt::Display for KerberosName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.service)?;
        if let Some(host) = &self.host {
            write!(f, "/{host}")?;
        }
        match &self.realm {
            Some(realm) => write!(f, "@{realm}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn principals_come_apart_and_together() {
        for text in ["nn/h@R", "u@R", "nn/h", "u"] {
            assert_eq!(KerberosName::parse(text).unwrap().to_string(), text);
        }
        for text in ["a/b/c@R", "@R", "u@", "a@b@c", "a//b@R"] {
            assert_eq!(KerberosName::parse(text), Err(NameError::Malformed(text.to_owned())));
        }
        assert_eq!(KerberosName::parse("a/b/c").unwrap().service, "a/b/c");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a/@é.]{0,12}") {
            let _ = KerberosName::parse(&text);
        }
    }
}
