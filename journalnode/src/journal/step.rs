use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use tracing::{info, warn};

use super::Journal;
use crate::engine::{Effect, Failure};
use crate::index::HistoryKind;

const OUT_OF_SYNC: &str = "org.apache.hadoop.hdfs.qjournal.protocol.JournalOutOfSyncException";

/// Whether a writer goes on without this node. A NameNode leaves out a node that missed
/// something until it starts the next segment (HDFS-15060), and tells it so only by what it
/// asks: a batch that does not follow here, then heartbeats at its flushes.
impl Journal {
    /// A writer that is not fenced was refused.
    pub(crate) fn refused_writer(&self, failure: &Failure) {
        if failure.java_class() == OUT_OF_SYNC {
            self.note_out_of_step();
        }
    }

    /// A writer that is not fenced sent a sign of life: those that are in step get its edits
    /// instead (`IPCLoggerChannel.throwIfOutOfSync`). Even with all its edits here it may have
    /// missed our answer.
    pub(crate) fn heard_heartbeat(&self) {
        self.note_out_of_step();
    }

    pub(super) fn note_step(&self, effect: &Effect) {
        self.writer_watch().note(effect, Instant::now());
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
