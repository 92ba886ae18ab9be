use std::sync::atomic::Ordering::Relaxed;

use tracing::{info, warn};

use super::Journal;
use crate::engine::{Effect, Failure};
use crate::index::HistoryKind;

const OUT_OF_SYNC: &str = "org.apache.hadoop.hdfs.qjournal.protocol.JournalOutOfSyncException";

/// Whether a writer goes on without this node. A NameNode leaves out a node that missed
/// something until it starts the next segment (HDFS-15060), and tells it so only by what it
/// asks: a batch for a segment that is not open here, then heartbeats.
impl Journal {
    /// A writer that is not fenced was refused.
    pub(crate) fn refused_writer(&self, failure: &Failure) {
        if failure.java_class() == OUT_OF_SYNC {
            self.note_out_of_step();
        }
    }

    /// A writer that is not fenced sent a sign of life.
    pub(crate) fn heard_writer(&self) {
        if self.state().open.is_none() {
            self.note_out_of_step();
        }
    }

    pub(super) fn note_step(&self, effect: &Effect) {
        if matches!(effect, Effect::OpenSegment { .. }) && self.out_of_step.swap(false, Relaxed) {
            info!(journal = %self.id, "in step again");
            self.take_down_kind(HistoryKind::InStep, None);
        }
    }

    fn note_out_of_step(&self) {
        if !self.out_of_step.swap(true, Relaxed) {
            warn!(journal = %self.id, "out of step: the writer goes on without this node, which \
                joins again at the next roll (hdfs dfsadmin -rollEdits)");
            self.take_down_kind(HistoryKind::OutOfStep, None);
        }
    }
}
