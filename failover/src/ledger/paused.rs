use serde::{Deserialize, Serialize};

/// A pause: who wants it, since when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// The user and host.
    pub by: String,
    /// Since when, in milliseconds since 1970.
    pub at_ms: u64,
    /// Why; may be empty.
    pub why: String,
}

impl Paused {
    /// From what is in ZooKeeper. That the znode is there is what counts: what cannot be read
    /// was written by hand.
    pub(crate) fn read(data: &[u8], written_ms: u64) -> Self {
        serde_json::from_slice(data).unwrap_or_else(|_| Self {
            by: "somebody".to_owned(),
            at_ms: written_ms,
            why: String::from_utf8_lossy(data).into_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_by_hand_is_a_pause() {
        let by_hand = Paused::read(b"upgrade", 7);
        assert_eq!((by_hand.by.as_str(), by_hand.why.as_str()), ("somebody", "upgrade"));
        assert_eq!(Paused::read(b"", 7).at_ms, 7);
        let ours = Paused { by: "ann@nn01".to_owned(), at_ms: 5, why: "disks".to_owned() };
        assert_eq!(Paused::read(&serde_json::to_vec(&ours).unwrap(), 7), ours);
    }
}
