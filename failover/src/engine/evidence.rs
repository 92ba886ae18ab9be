use std::fmt;
use std::time::Duration;

/// What speaks for the death of an old active that no method could fence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// How long none of the host's ports has answered.
    pub silent_for: Duration,
    /// What the JournalNodes had promised before: no writer can have a higher epoch.
    pub written_epoch: i64,
    /// What a majority of them has promised since, after all of the silence.
    pub promised_epoch: i64,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "its host has been silent for {} s, and a majority of JournalNodes has promised epoch \
             {}, after {}",
            self.silent_for.as_secs(),
            self.promised_epoch,
            self.written_epoch
        )
    }
}
