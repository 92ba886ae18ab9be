/// The Hadoop release whose protocols, files and pages these are.
const COMPATIBLE_WITH: &str = "3.4.3";

/// What is shown as the version. Java shows `3.4.3, r<git revision>`, and tools compare the
/// part before the comma: so that is the release this is compatible with, and the version of
/// this program stands in the place of the revision.
pub(crate) fn version() -> String {
    format!("{COMPATIBLE_WITH}, r{}", env!("CARGO_PKG_VERSION"))
}
