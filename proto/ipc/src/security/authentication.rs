use crate::conf::Configuration;

use super::error::SecurityError;

/// How callers prove who they are: `hadoop.security.authentication`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// They say so.
    Simple,
    /// Kerberos.
    Kerberos,
}

impl Authentication {
    /// Unlike Java's login code, which reads the XML files only, this honours `-D`: a daemon told
    /// to be secure must never run insecure.
    pub fn from_configuration(conf: &Configuration) -> Result<Authentication, SecurityError> {
        let value = conf.trimmed("hadoop.security.authentication")?;
        match value.as_deref().unwrap_or("simple").to_ascii_lowercase().as_str() {
            "simple" => Ok(Authentication::Simple),
            "kerberos" => Ok(Authentication::Kerberos),
            _ => {
                let value = value.unwrap_or_default();
                Err(SecurityError::UnknownAuthentication { value })
            }
        }
    }

    /// Whether callers must prove who they are. Java: `UserGroupInformation.isSecurityEnabled`.
    pub fn is_secure(self) -> bool {
        self == Authentication::Kerberos
    }

    /// Java's name of it in messages: `User u (auth:KERBEROS)`.
    pub fn label(self) -> &'static str {
        match self {
            Authentication::Simple => "SIMPLE",
            Authentication::Kerberos => "KERBEROS",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::conf::Environment;

    use super::*;

    #[test]
    fn only_simple_and_kerberos_are_taken() {
        let read = |value: &str| {
            let mut conf = Configuration::empty(Environment::empty());
            conf.set("hadoop.security.authentication", value, "from command line");
            Authentication::from_configuration(&conf).ok()
        };
        assert_eq!(read("simple"), Some(Authentication::Simple));
        assert_eq!(read("KERBEROS"), Some(Authentication::Kerberos));
        assert_eq!(read("kerbros"), None, "a typing mistake must not mean insecure");
    }
}
