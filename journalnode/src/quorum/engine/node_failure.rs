use thiserror::Error;

/// What JournalNodes throw where an invariant of the protocol is broken. Java's client stops
/// at one, whatever the others say (`QuorumCall.checkAssertionErrors`).
const ASSERTION: &str = "java.lang.AssertionError";
/// Texts of `Journal.checkRequest` and `Journal.newEpoch` that tell of a newer writer.
const FENCED: [&str; 3] =
    ["is less than the last promised epoch", "is not the current writer epoch", "<= last promise"];

/// Why one node did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
pub enum NodeFailure {
    /// It refused.
    #[error("{class}: {message}")]
    Refused {
        /// The Java class it threw.
        class: String,
        /// What it said.
        message: String,
    },
    /// No answer came, or none that makes sense. The node may have done it.
    #[error("{reason}")]
    Unanswered {
        /// What the connection reported.
        reason: String,
    },
    /// It was not asked: it missed something of this segment (`JournalOutOfSyncException`).
    #[error("out of sync: not written to until the next segment")]
    OutOfSync,
    /// It was not asked: too much waits for it (`LoggerTooFarBehindException`).
    #[error("too far behind: {queued_bytes} bytes of edits wait for it")]
    TooFarBehind {
        /// Edits that wait, in bytes.
        queued_bytes: usize,
    },
}

impl NodeFailure {
    /// Whether the node has promised itself to a newer writer.
    pub fn is_fenced(&self) -> bool {
        let Self::Refused { message, .. } = self else { return false };
        FENCED.iter().any(|text| message.contains(text))
    }

    /// Whether the node found an invariant broken.
    pub fn is_assertion(&self) -> bool {
        matches!(self, Self::Refused { class, .. } if class == ASSERTION)
    }
}
