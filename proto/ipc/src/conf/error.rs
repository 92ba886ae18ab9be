use std::io;
use std::path::PathBuf;

use super::limits::{MAX_FILE_BYTES, MAX_INCLUDE_DEPTH, MAX_INCLUDES, MAX_SUBSTITUTIONS};

/// What can be wrong with a configuration. Each message names the place and the way out.
#[derive(Debug, thiserror::Error)]
pub enum ConfError {
    /// A setting without which the caller cannot go on.
    #[error(
        "{key} is not set and has no default: add it to hdfs-site.xml or core-site.xml, or pass -D {key}=…"
    )]
    Missing {
        /// The key asked for.
        key: String,
    },
    /// A value that is not of the type its reader wants.
    #[error("{key} = {value:?}, set by {origin}, is not valid: expected {expected}")]
    BadValue {
        /// The key asked for.
        key: String,
        /// Its value after substitution.
        value: String,
        /// The file or option that set it.
        origin: String,
        /// The form the value should have.
        expected: String,
    },
    /// `${a}` leads to `${b}` leads to … without end.
    #[error(
        "{key} = {value:?}, set by {origin}: still holds variables after {MAX_SUBSTITUTIONS} substitutions; look for variables that name each other"
    )]
    SubstitutionTooDeep {
        /// The key asked for.
        key: String,
        /// Its value before substitution.
        value: String,
        /// The file or option that set it.
        origin: String,
    },
    /// The file is not well-formed XML.
    #[error("{}:{line}:{column}: not well-formed XML: {problem}; correct that place (`xmllint --noout {}` shows it in context)", path.display(), path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// The XML parser's words.
        problem: String,
    },
    /// The file exists and cannot be read.
    #[error("cannot read configuration file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// Larger than [`MAX_FILE_BYTES`].
    #[error("configuration file {} is larger than {MAX_FILE_BYTES} bytes: is it the right file?", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Not UTF-8.
    #[error("configuration file {} is not UTF-8 from byte {offset} on: save it as UTF-8 (for example with iconv)", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first bad byte.
        offset: usize,
    },
    /// Entities of its own: the way to a small file that expands without bound.
    #[error("configuration file {} declares entities (<!ENTITY>), which are not supported: use xi:include or ${{variables}}", path.display())]
    EntitiesRefused {
        /// The file.
        path: PathBuf,
    },
    /// `xi:include` of something that is not there, without `xi:fallback`.
    #[error("{}: xi:include of {href:?} found nothing and has no <xi:fallback>", path.display())]
    IncludeMissing {
        /// The including file.
        path: PathBuf,
        /// What it asked for.
        href: String,
    },
    /// A file that includes itself, directly or through others.
    #[error("{}: xi:include of {href:?} leads back to a file that is being read", path.display())]
    IncludeLoop {
        /// The including file.
        path: PathBuf,
        /// What it asked for.
        href: String,
    },
    /// More includes than anyone writes by hand.
    #[error("{}: more than {MAX_INCLUDES} xi:include elements, or nested deeper than {MAX_INCLUDE_DEPTH}", path.display())]
    TooManyIncludes {
        /// The including file.
        path: PathBuf,
    },
    /// `--config` or `HADOOP_CONF_DIR` names no directory.
    #[error("configuration directory {} (from {origin}) does not exist or is not a directory", path.display())]
    NoSuchDirectory {
        /// The directory.
        path: PathBuf,
        /// Who named it.
        origin: &'static str,
    },
    /// `-conf` names no file.
    #[error("configuration file {} (from -conf) does not exist", path.display())]
    NoSuchFile {
        /// The file.
        path: PathBuf,
    },
    /// A generic option at the end of the line, its argument missing.
    #[error("option {option} needs an argument")]
    OptionWithoutArgument {
        /// The option as it was written.
        option: String,
    },
}
