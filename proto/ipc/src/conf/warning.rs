use std::fmt;
use std::path::PathBuf;

/// Something an operator should know about a configuration that was nevertheless loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A key that has a newer name; reported once per key.
    Deprecated {
        /// The old name, as found.
        key: String,
        /// The name to use.
        replacement: &'static str,
        /// The file or option that used the old name.
        origin: String,
    },
    /// A value ignored because an earlier file marked the key `<final>`.
    FinalKept {
        /// The key.
        key: String,
        /// The file whose value was ignored.
        ignored: String,
    },
    /// A name with space around it, which no reader asks for. Only as an attribute is it kept.
    Unreachable {
        /// The key.
        key: String,
        /// The file.
        origin: String,
    },
    /// There is no configuration directory: built-in defaults only.
    NoDirectory,
    /// The configuration directory holds neither core-site.xml nor hdfs-site.xml.
    NoSiteFile {
        /// The directory.
        directory: PathBuf,
    },
    /// A generic option that means nothing to a daemon.
    OptionIgnored {
        /// The option as it was written.
        option: String,
    },
    /// `-D something` without `=`.
    NotAnAssignment {
        /// The argument of `-D`.
        argument: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Deprecated { key, replacement, origin } => {
                write!(f, "{key} (set by {origin}) is deprecated: use {replacement}")
            }
            Warning::FinalKept { key, ignored } => {
                write!(f, "{key} is final: the value from {ignored} is ignored")
            }
            Warning::Unreachable { key, origin } => write!(
                f,
                "{key:?} in {origin} has space around its name, so that nothing finds it, in Java's \
                 daemons either: remove the space"
            ),
            Warning::NoDirectory => f.write_str(
                "no configuration directory (HADOOP_CONF_DIR, $HADOOP_HOME/etc/hadoop, \
                 /etc/hadoop/conf): running on built-in defaults",
            ),
            Warning::NoSiteFile { directory } => write!(
                f,
                "{} holds neither core-site.xml nor hdfs-site.xml: running on built-in defaults",
                directory.display()
            ),
            Warning::OptionIgnored { option } => write!(f, "option {option} is ignored"),
            Warning::NotAnAssignment { argument } => {
                write!(f, "-D {argument} is ignored: it has no '='")
            }
        }
    }
}
