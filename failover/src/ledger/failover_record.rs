use serde::{Deserialize, Serialize};

use super::{Outcome, Phases, namenode_text};
use crate::types::NameNodeId;

/// One failover, as its winner recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailoverRecord {
    /// When it ended, in milliseconds since 1970, by the clock of the winner's host.
    pub at_ms: u64,
    /// Who was active before; `None` if nobody was, or nobody knows.
    #[serde(with = "namenode_text::optional", default)]
    pub from: Option<NameNodeId>,
    /// Who was to be active.
    #[serde(with = "namenode_text")]
    pub to: NameNodeId,
    /// Why.
    pub why: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Host of the controller that recorded it.
    pub by: String,
    /// How long it took.
    pub phases: Phases,
    /// How the old active was fenced, or why it was not; `None` if there was nothing to fence.
    #[serde(default)]
    pub fencing: Option<String>,
}

impl FailoverRecord {
    /// Whether the breadcrumb was its own: it came back, as after a restart of its controller.
    pub fn is_own(&self) -> bool {
        self.from.as_ref() == Some(&self.to)
    }

    /// The same with texts no longer than this, in bytes.
    pub(super) fn shortened(mut self, limit_bytes: usize) -> Self {
        let texts = [Some(&mut self.why), Some(&mut self.by), self.fencing.as_mut()];
        texts.into_iter().flatten().for_each(|text| shorten(text, limit_bytes));
        if let Outcome::Failed(why) = &mut self.outcome {
            shorten(why, limit_bytes);
        }
        self
    }
}

fn shorten(text: &mut String, limit_bytes: usize) {
    const CUT: &str = "…";
    if text.len() > limit_bytes {
        text.truncate(text.floor_char_boundary(limit_bytes.saturating_sub(CUT.len())));
        text.push_str(CUT);
    }
}
