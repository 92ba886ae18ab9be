use crate::conf::ConfError;

/// A security setting that cannot be used. A daemon that meets one must not start.
#[derive(Debug, thiserror::Error)]
pub enum SecurityError {
    /// A value that cannot be read at all.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// `hadoop.security.authentication` is neither `simple` nor `kerberos`.
    #[error("hadoop.security.authentication = {value:?} is neither simple nor kerberos")]
    UnknownAuthentication {
        /// The value.
        value: String,
    },
    /// `hadoop.security.auth_to_local.mechanism` is neither `hadoop` nor `MIT`.
    #[error("hadoop.security.auth_to_local.mechanism = {value:?} is neither hadoop nor MIT")]
    UnknownMechanism {
        /// The value.
        value: String,
    },
    /// An `auth_to_local` rule that cannot be read.
    #[error("hadoop.security.auth_to_local: bad rule {rule:?}: {reason}")]
    BadRule {
        /// The rule, or all text from it on.
        rule: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An address range that is none.
    #[error("{key}: {entry:?} is not an address range such as 10.1.0.0/16")]
    BadAddressRange {
        /// The key whose list holds it.
        key: String,
        /// The entry.
        entry: String,
    },
}

/// A principal that has no local name. Java: `NoMatchingRule`, `BadFormatString`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// More than two components, or empty ones.
    #[error("Malformed Kerberos name: {0}")]
    Malformed(String),
    /// No rule applies.
    #[error("No rules applied to {0}")]
    NoMatchingRule(String),
    /// The rule left `/` or `@` in the name.
    #[error("Non-simple name {name} after auth_to_local rule {rule}")]
    NonSimple {
        /// What the rule made.
        name: String,
        /// The rule.
        rule: String,
    },
    /// The rule refers to a component the name does not have, or to none.
    #[error("bad format {format:?} in an auth_to_local rule: {parameter:?} is not $0 to ${last}")]
    BadFormat {
        /// The format between the brackets.
        format: String,
        /// What follows the `$`.
        parameter: String,
        /// Number of the name's last component.
        last: usize,
    },
    /// The right side of the rule's substitution cannot be used.
    #[error("bad replacement of s/{pattern}/ in an auth_to_local rule: {reason}")]
    BadReplacement {
        /// The left side.
        pattern: String,
        /// What is wrong with the right side.
        reason: String,
    },
}
