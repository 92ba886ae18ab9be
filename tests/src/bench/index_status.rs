use anyhow::{Context, Result};

use crate::hadoop::{JournalNode, http_body};

/// The index of a JournalNode of ours, as `/metrics` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexStatus {
    /// Whether it is complete.
    pub is_ready: bool,
    /// Finished segments that it knows.
    pub segments: u64,
}

impl IndexStatus {
    /// How it is now.
    pub fn of(node: &JournalNode) -> Result<Self> {
        let metrics = String::from_utf8(http_body(node.http_address(), "/metrics")?)?;
        let value = |name: &str| {
            let found = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            found.and_then(|value| value.parse::<f64>().ok()).context(name.to_owned())
        };
        Ok(Self {
            is_ready: value("journalnode_index_state{state=\"ready\"}")? == 1.0,
            segments: value("journalnode_index_segments")? as u64,
        })
    }
}
