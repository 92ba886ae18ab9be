use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;
use hadoop_ipc::client::Target;
use journalnode::quorum::{NamespaceInfo, QuorumAdmin, QuorumOptions, QuorumWriter};
use journalnode::types::{JournalId, LayoutVersion, StorageInfo, TxId};

use super::Window;
use crate::bench::LongLog;

/// Of each operation with what frames it: about what a mkdir takes.
pub const OP_BYTES: usize = 100;
/// Opcode, length, transaction id, checksum.
const FRAME_BYTES: usize = 17;
/// Only its operations are used, and these do not know how many follow.
const LOG: LongLog = LongLog { txns_per_segment: 0, body_bytes: OP_BYTES - FRAME_BYTES };
pub const CLUSTER: &str = "CID-bench";
pub const NAMESPACE: i32 = 12345;

/// What is written at a time.
pub struct Batch {
    first: TxId,
    count: u32,
    records: Bytes,
}

/// A writer that goes on with its segment, and times each batch: our quorum client, on one or more
/// JournalNodes.
pub struct Stream {
    writer: QuorumWriter,
    first: u64,
    next: u64,
}

impl Stream {
    /// Formats the journal, becomes its writer, begins a segment.
    pub async fn begin(journal: &str, nodes: &[Target]) -> Result<Self> {
        let journal = JournalId::new(journal)?;
        let (namespace, options) = (namespace(), QuorumOptions::default());
        let admin = QuorumAdmin::new(&journal, nodes, &namespace, options.clone());
        admin.format_all(true).await?;
        let mut writer = QuorumWriter::open(&journal, nodes, &namespace, options).await?;
        writer.start_segment(TxId(1)).await?;
        Ok(Self { writer, first: 1, next: 1 })
    }

    /// Writes so many batches of this size, one after the other.
    pub async fn window(&mut self, batches: usize, batch_bytes: usize) -> Result<Window> {
        let batches = self.prepare(batches, batch_bytes);
        self.write_all(batches).await
    }

    /// Makes batches, which need not be done while the time runs.
    pub fn prepare(&mut self, batches: usize, batch_bytes: usize) -> Vec<Batch> {
        let count = (batch_bytes / OP_BYTES).max(1) as u64;
        let one = |_| {
            let (first, records) = (TxId(self.next as i64), LOG.records(self.next, count).into());
            self.next += count;
            Batch { first, count: count as u32, records }
        };
        (0..batches).map(one).collect()
    }

    /// Writes what was prepared, one after the other.
    pub async fn write_all(&mut self, batches: Vec<Batch>) -> Result<Window> {
        let mut times = Vec::with_capacity(batches.len());
        for Batch { first, count, records } in batches {
            let begun = Instant::now();
            self.writer.write(first, count, records).await?;
            times.push(begun.elapsed());
        }
        Ok(Window::new(times))
    }

    /// Writes until so many bytes more are in the segment.
    pub async fn fill(&mut self, bytes: u64) -> Result<()> {
        const BATCH_BYTES: usize = 1_000_000;
        for _ in 0..bytes.div_ceil(BATCH_BYTES as u64) {
            self.window(1, BATCH_BYTES).await?;
        }
        Ok(())
    }

    /// Ends the segment.
    pub async fn finalize(&mut self) -> Result<()> {
        Ok(self.writer.finalize(TxId(self.first as i64), TxId(self.next as i64 - 1)).await?)
    }
}

/// What all journals of the benchmark belong to.
fn namespace() -> NamespaceInfo {
    NamespaceInfo {
        storage: StorageInfo {
            layout_version: LayoutVersion::CURRENT,
            namespace_id: NAMESPACE,
            cluster_id: CLUSTER.to_owned(),
            c_time: 0,
        },
        block_pool_id: "BP-bench".to_owned(),
        software_version: "3.4.3".to_owned(),
    }
}
