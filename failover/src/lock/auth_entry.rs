use std::fmt;

use thiserror::Error;

/// Credentials towards ZooKeeper, as `ha.zookeeper.auth` has them: `scheme:credentials`.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthEntry {
    /// How they are checked: `digest`, ….
    pub scheme: String,
    /// The secret.
    pub credentials: String,
}

/// An entry without a colon. It may be a secret, so it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("entry {number} is not of the form scheme:credentials, such as digest:user:password")]
pub struct BadAuth {
    /// Which one, from 1.
    pub number: usize,
}

impl AuthEntry {
    /// Reads a list with commas between its entries; a secret cannot hold one.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, BadAuth> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let parse = |(index, entry): (usize, &str)| {
            let (scheme, credentials) =
                entry.split_once(':').ok_or(BadAuth { number: index + 1 })?;
            Ok(Self { scheme: scheme.to_owned(), credentials: credentials.to_owned() })
        };
        entries.enumerate().map(parse).collect()
    }
}

impl fmt::Debug for AuthEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthEntry").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fc_013_entries_keep_their_order_and_their_colons() {
        let auth = AuthEntry::parse_list("digest:hdfs:secret, ,digest:other:pass:word").unwrap();
        let read: Vec<_> =
            auth.iter().map(|entry| (entry.scheme.as_str(), entry.credentials.as_str())).collect();
        assert_eq!(read, [("digest", "hdfs:secret"), ("digest", "other:pass:word")]);
        assert_eq!(AuthEntry::parse_list("").unwrap(), []);
    }

    #[test]
    fn a_secret_is_never_shown() {
        assert_eq!(AuthEntry::parse_list("digest:a:b,hush").unwrap_err().number, 2);
        let shown = format!("{:?}", AuthEntry::parse_list("digest:hdfs:hush").unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
