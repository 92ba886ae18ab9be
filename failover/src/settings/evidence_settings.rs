use std::time::Duration;

use hadoop_ipc::conf::nameservices::shared_journal;
use hadoop_ipc::conf::{Configuration, QuorumJournalUri, TimeUnit};

use super::{StartFailure, keys};

/// When evidence stands in for fencing an old active that no method reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceSettings {
    /// How long none of its host's ports must have answered.
    pub silent_for: Duration,
    /// Whose promises cut it off from writing.
    pub journal: QuorumJournalUri,
}

/// Off where no silence is configured. Less of it than a session lives says nothing, and edits
/// that are shared otherwise have nobody to promise anything.
pub(super) fn settings(
    conf: &Configuration,
    nameservice: &str,
    session_timeout: Duration,
) -> Result<Option<EvidenceSettings>, StartFailure> {
    let silent_for =
        conf.duration_or(keys::EVIDENCE_SILENCE, TimeUnit::Milliseconds, Duration::ZERO)?;
    if silent_for.is_zero() {
        return Ok(None);
    }
    let bad = |reason| StartFailure::Value {
        key: keys::EVIDENCE_SILENCE,
        value: format!("{} ms", silent_for.as_millis()),
        reason,
    };
    if silent_for < session_timeout {
        return Err(bad(format!(
            "must be at least the {} ms of ha.zookeeper.session-timeout.ms; 60s is a good start, \
             and 0 switches evidence off",
            session_timeout.as_millis()
        )));
    }
    match shared_journal(conf, Some(nameservice)) {
        Ok(Some(journal)) => Ok(Some(EvidenceSettings { silent_for, journal })),
        Ok(None) => {
            Err(bad("needs JournalNodes: dfs.namenode.shared.edits.dir is not set; set this to 0"
                .to_owned()))
        }
        Err(error) => Err(bad(format!("needs JournalNodes: {error}; set this to 0"))),
    }
}
