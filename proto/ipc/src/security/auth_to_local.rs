use crate::conf::Configuration;

use super::auth_rule::AuthRule;
use super::authentication::Authentication;
use super::error::{NameError, SecurityError};
use super::kerberos_name::KerberosName;

/// How rules are evaluated: `hadoop.security.auth_to_local.mechanism`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// A name with `/` or `@` is no answer, and a principal no rule knows is an error.
    Hadoop,
    /// Any name is an answer, and a principal no rule knows keeps its full name.
    Mit,
}

/// From a Kerberos principal to the name of a local user.
/// Java: `KerberosName.getShortName`, `HadoopKerberosName.setConfiguration`.
#[derive(Debug, Clone)]
pub struct AuthToLocal {
    rules: Vec<AuthRule>,
    mechanism: Mechanism,
    default_realm: String,
}

/// Without rules of one's own: the first component, whoever it is.
const RULES_WITHOUT_SECURITY: &str = "RULE:[1:$1] RULE:[2:$1]";

impl AuthToLocal {
    /// Reads rules. `default_realm` is what the rule `DEFAULT` accepts; empty where Kerberos is
    /// not configured.
    pub fn new(
        rules: &str,
        mechanism: Mechanism,
        default_realm: &str,
    ) -> Result<AuthToLocal, SecurityError> {
        let rules = AuthRule::parse_all(rules)?;
        Ok(AuthToLocal { rules, mechanism, default_realm: default_realm.to_owned() })
    }

    /// Reads `hadoop.security.auth_to_local` and its `.mechanism`.
    pub fn from_configuration(
        conf: &Configuration,
        default_realm: Option<&str>,
    ) -> Result<AuthToLocal, SecurityError> {
        let fallback = match Authentication::from_configuration(conf)?.is_secure() {
            true => "DEFAULT",
            false => RULES_WITHOUT_SECURITY,
        };
        let rules = conf.string("hadoop.security.auth_to_local")?;
        let mechanism = match conf.trimmed("hadoop.security.auth_to_local.mechanism")? {
            None => Mechanism::Hadoop,
            Some(name) if name.eq_ignore_ascii_case("hadoop") => Mechanism::Hadoop,
            Some(name) if name.eq_ignore_ascii_case("mit") => Mechanism::Mit,
            Some(value) => return Err(SecurityError::UnknownMechanism { value }),
        };
        AuthToLocal::new(
            rules.as_deref().unwrap_or(fallback),
            mechanism,
            default_realm.unwrap_or_default(),
        )
    }

    /// The short name of a principal; a name without host and realm is short already.
    pub fn short_name(&self, principal: &str) -> Result<String, NameError> {
        let name = KerberosName::parse(principal)?;
        if name.host.is_none() && name.realm.is_none() {
            return Ok(name.service);
        }
        // Java prints the realm it does not have as "null".
        let realm = name.realm.as_deref().unwrap_or("null");
        let parts: Vec<&str> = [Some(realm), Some(&name.service), name.host.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        for rule in &self.rules {
            let simple_only = self.mechanism == Mechanism::Hadoop;
            if let Some(short) = rule.apply(&parts, &self.default_realm, simple_only)? {
                return Ok(short);
            }
        }
        match self.mechanism {
            Mechanism::Hadoop => Err(NameError::NoMatchingRule(name.to_string())),
            Mechanism::Mit => Ok(name.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::conf::Environment;

    use super::*;

    fn short(rules: &str, mechanism: Mechanism, principal: &str) -> Option<String> {
        AuthToLocal::new(rules, mechanism, "EX.COM").ok()?.short_name(principal).ok()
    }

    /// Rows printed by Hadoop 3.4.3's KerberosName with default realm EX.COM: the answers of the
    /// mechanisms hadoop and MIT; none where it throws, be it for the rule or for the name.
    #[test]
    fn principals_are_mapped_as_java_maps_them() {
        let rows = [
            ("DEFAULT", "u@EX.COM", Some("u"), Some("u")),
            ("DEFAULT", "nn/h@EX.COM", Some("nn"), Some("nn")),
            ("DEFAULT", "u@OTHER", None, Some("u@OTHER")),
            ("DEFAULT", "u", Some("u"), Some("u")),
            ("DEFAULT", "a/b/c@R", None, None),
            ("DEFAULT", "u/h", None, Some("u/h")),
            ("RULE:[1:$1] RULE:[2:$1]", "nn/h@OTHER", Some("nn"), Some("nn")),
            (
                "RULE:[2:$1@$0](nn@EX.COM)s/.*/hdfs/ DEFAULT",
                "nn/h@EX.COM",
                Some("hdfs"),
                Some("hdfs"),
            ),
            ("RULE:[2:$1@$0](n@EX.COM)s/.*/hdfs/ DEFAULT", "nn/h@EX.COM", Some("nn"), Some("nn")),
            ("RULE:[2:$1@$0]([nj]n@.*)s/.*/hdfs/", "jn/h@X", Some("hdfs"), Some("hdfs")),
            ("RULE:[1:$1@$0](.*@X)s/@.*//", "bob@X", Some("bob"), Some("bob")),
            ("RULE:[1:$1@$0](.*@X)s/@.*///L", "BOB@X", Some("bob"), Some("bob")),
            ("RULE:[1:$1](.*)s/o/0/g", "foo@X", Some("f00"), Some("f00")),
            ("RULE:[1:$1]/L", "FOO@X", Some("foo"), Some("foo")),
            ("RULE:[1:$1]L", "FOO@X", Some("foo"), Some("foo")),
            ("RULE:[1:$1@$0]", "foo@X", None, Some("foo@X")),
            ("RULE:[2:$2;$1]", "a/b@X", Some("b;a"), Some("b;a")),
            ("RULE:[1:$3]", "foo@X", None, None),
            ("RULE:[1:$]", "foo@X", None, None),
            ("RULE:[1:a$1b$1c]", "foo@X", Some("afoobfooc"), Some("afoobfooc")),
            ("RULE:[1:$1](f(o+))s/f(o+)/$1x/", "foo@X", None, None),
            ("RULE:[1:$1](.*)s/(f)/$2/", "foo@X", None, None),
            ("RULE:[1:$1](.*)s/x/$2/", "foo@X", Some("foo"), Some("foo")),
            ("RULE:[2:$1](.*)s/f/$/ RULE:[1:$1]", "foo@X", Some("foo"), Some("foo")),
            ("RULE:[:$1]", "foo@X", None, None),
            ("BAD", "foo@X", None, None),
            ("DEFAULT BAD", "foo@X", None, None),
            ("", "foo@X", None, Some("foo@X")),
            ("DEFAULTDEFAULT", "u@EX.COM", Some("u"), Some("u")),
            (
                "\n  RULE:[1:$1](a.*)\n  RULE:[1:$1](f.*)s/$/_x/\n ",
                "foo@X",
                Some("foo_x"),
                Some("foo_x"),
            ),
            ("RULE:[0:x]", "foo@X", None, Some("foo@X")),
            ("RULE:[1:$0]", "foo@X", Some("X"), Some("X")),
            ("RULE:[2:$0]", "a/b", Some("null"), Some("null")),
            ("RULE:[1:$1](foo|)", "f@X", None, Some("f@X")),
            ("RULE:[1:$1](fo|foo)", "foo@X", Some("foo"), Some("foo")),
            ("RULE:[1:$1](.*)s/a/b", "foo@X", None, None),
            ("RULE:[99999999999999999999:$1]", "foo@X", None, None),
            ("RULE:[1:$99999999999999999999]", "foo@X", None, None),
        ];
        for (rules, principal, hadoop, mit) in rows {
            let found = (
                short(rules, Mechanism::Hadoop, principal),
                short(rules, Mechanism::Mit, principal),
            );
            let expected = (hadoop.map(str::to_owned), mit.map(str::to_owned));
            assert_eq!(found, expected, "{rules:?} {principal}");
        }
    }

    #[test]
    fn without_security_everybody_has_a_short_name() {
        let mut conf = Configuration::empty(Environment::empty());
        let rules = AuthToLocal::from_configuration(&conf, None).unwrap();
        assert_eq!(rules.short_name("nn/h@ANY").unwrap(), "nn");
        conf.set("hadoop.security.authentication", "kerberos", "test");
        let rules = AuthToLocal::from_configuration(&conf, Some("EX.COM")).unwrap();
        assert!(rules.short_name("nn/h@ANY").is_err());
        conf.set("hadoop.security.auth_to_local.mechanism", "heimdal", "test");
        assert!(AuthToLocal::from_configuration(&conf, None).is_err());
    }

    proptest! {
        #[test]
        fn no_rules_make_it_panic(
            rules in "(RULE:|\\[|\\]|[12]:|\\$[0-9]?|\\(|\\)|s/|/|g|L|DEFAULT|[.*a{}é\\\\ ]){0,16}",
            principal in "[a/@é]{0,8}",
        ) {
            let _ = short(&rules, Mechanism::Hadoop, &principal);
            let _ = short(&rules, Mechanism::Mit, &principal);
        }
    }
}
