use std::fmt;

use super::host_port::{HostPort, HostPortError};
use super::text::java_trim;

/// Port of a JournalNode in a `qjournal://` address that names none.
const DEFAULT_PORT: u16 = 8485;

/// `qjournal://node1:8485;node2:8485;node3:8485/journal`: who keeps a shared edit log.
/// Names are not resolved here. Java: `Util.getAddressesList`, `QuorumJournalManager.parseJournalId`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuorumJournalUri {
    /// The JournalNodes in the order written. Java warns, and no more, if their number is even.
    pub journal_nodes: Vec<HostPort>,
    /// The journal: by convention the nameservice.
    pub journal_id: String,
}

/// Why a text is no `qjournal://` address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuorumJournalUriError {
    /// Another scheme, or none.
    #[error("{text:?} does not begin with qjournal://")]
    Scheme {
        /// What was to be read.
        text: String,
    },
    /// No JournalNode between `//` and `/`.
    #[error(
        "{text:?} names no JournalNode: expected qjournal://host1:8485;host2:8485;host3:8485/journal"
    )]
    NoJournalNodes {
        /// What was to be read.
        text: String,
    },
    /// One of the addresses between the semicolons.
    #[error("in {text:?}: {source} (JournalNodes are separated by ';')")]
    Address {
        /// What was to be read.
        text: String,
        /// The address and what is wrong with it.
        source: HostPortError,
    },
    /// No journal after the addresses.
    #[error("{text:?} names no journal: expected qjournal://…/journal")]
    NoJournalId {
        /// What was to be read.
        text: String,
    },
    /// A journal id no JournalNode accepts.
    #[error(
        "bad journal id {journal_id:?} in {text:?}: it may not hold '/' or '%' or begin with '.'"
    )]
    BadJournalId {
        /// What was to be read.
        text: String,
        /// The part that is wrong.
        journal_id: String,
    },
}

impl QuorumJournalUri {
    /// Reads the value of `dfs.namenode.shared.edits.dir`.
    pub fn parse(text: &str) -> Result<QuorumJournalUri, QuorumJournalUriError> {
        let text = java_trim(text);
        let owned = || text.to_owned();
        let rest =
            after_scheme(text).ok_or_else(|| QuorumJournalUriError::Scheme { text: owned() })?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let journal_nodes = parse_authority(authority)
            .map_err(|source| QuorumJournalUriError::Address { text: owned(), source })?;
        if journal_nodes.is_empty() {
            return Err(QuorumJournalUriError::NoJournalNodes { text: owned() });
        }
        Ok(QuorumJournalUri { journal_nodes, journal_id: check_journal_id(path, text)? })
    }
}

fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    scheme.eq_ignore_ascii_case("qjournal").then_some(rest)
}

fn parse_authority(authority: &str) -> Result<Vec<HostPort>, HostPortError> {
    let addresses = authority.split(';').map(java_trim).filter(|address| !address.is_empty());
    addresses.map(|address| HostPort::parse(address, DEFAULT_PORT)).collect()
}

fn check_journal_id(path: &str, text: &str) -> Result<String, QuorumJournalUriError> {
    let text = text.to_owned();
    if path.is_empty() {
        return Err(QuorumJournalUriError::NoJournalId { text });
    }
    let journal_id = path.to_owned();
    match path.starts_with('.') || path.contains(['/', '%']) {
        true => Err(QuorumJournalUriError::BadJournalId { text, journal_id }),
        false => Ok(journal_id),
    }
}

impl fmt::Display for QuorumJournalUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes: Vec<String> = self.journal_nodes.iter().map(HostPort::to_string).collect();
        write!(f, "qjournal://{}/{}", nodes.join(";"), self.journal_id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_keep_their_order_and_default_to_8485() {
        let text = " qjournal://node1;node2:18485; node3:8485 /nsd1907 ";
        let uri = QuorumJournalUri::parse(&text.replace(" /", "/")).unwrap();
        assert_eq!(uri.to_string(), "qjournal://node1:8485;node2:18485;node3:8485/nsd1907");
        assert_eq!(uri.journal_nodes[1], HostPort { host: "node2".to_owned(), port: 18485 });
    }

    #[test]
    fn each_mistake_has_its_own_error() {
        use QuorumJournalUriError as E;
        let error = |text: &str| QuorumJournalUri::parse(text).unwrap_err();
        assert!(matches!(error("file:///edits"), E::Scheme { .. }));
        assert!(matches!(error("node1:8485/j"), E::Scheme { .. }));
        assert!(matches!(error("qjournal:///j"), E::NoJournalNodes { .. }));
        assert!(matches!(error("qjournal://n1;n2:x/j"), E::Address { .. }));
        assert!(matches!(error("qjournal://n1,n2/j"), E::Address { .. }));
        assert!(matches!(error("qjournal://n1"), E::NoJournalId { .. }));
        assert!(matches!(error("qjournal://n1/"), E::NoJournalId { .. }));
        assert!(matches!(error("qjournal://n1/a/b"), E::BadJournalId { .. }));
        assert!(matches!(error("qjournal://n1/.."), E::BadJournalId { .. }));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(qjournal|://|[;:/.%?é h8]){0,16}") {
            let _ = QuorumJournalUri::parse(&text);
        }
    }
}
