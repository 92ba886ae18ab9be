use std::fmt;

use thiserror::Error;

/// The name of a journal, which is also the name of its directory: `nsd1907`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalId(String);

/// Java answers such an id with `IllegalArgumentException`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("bad journal id: {0}")]
pub struct BadJournalId(pub String);

/// Longest file name that Linux takes, in bytes.
const MAX_BYTES: usize = 255;

impl JournalId {
    /// Takes a name that is safe as a directory: not empty, no `/`, no leading `.`
    /// (`JournalNode.checkJournalId`); nor longer than a file name, nor with a NUL.
    pub fn new(name: &str) -> Result<Self, BadJournalId> {
        let bad = name.is_empty()
            || name.contains(['/', '\0'])
            || name.starts_with('.')
            || name.len() > MAX_BYTES;
        if bad { Err(BadJournalId(name.to_owned())) } else { Ok(Self(name.to_owned())) }
    }

    /// The name as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JournalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jn_041_ids_that_could_leave_the_edits_directory_are_refused() {
        for bad in ["", "a/b", ".", "..", ".hidden", "/etc", "nul\0"] {
            assert_eq!(JournalId::new(bad), Err(BadJournalId(bad.into())));
        }
        assert!(JournalId::new(&"x".repeat(256)).is_err());
        assert_eq!(JournalId::new("nsd1907").unwrap().as_str(), "nsd1907");
    }
}
