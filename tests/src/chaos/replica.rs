use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, anyhow, ensure};
use journalnode::editlog::{Record, Records};

use crate::inspect::{JournalDir, SegmentFile};

/// One transaction as it is in a file, checksum included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// What it does.
    pub opcode: u8,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The finished segments of one JournalNode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replica {
    /// Whose they are.
    pub node: String,
    /// First and last transaction of each.
    pub segments: Vec<(u64, u64)>,
    /// Every transaction in them.
    pub transactions: BTreeMap<u64, Transaction>,
}

impl Replica {
    /// Reads all of them. Damage is an error, and so is a file that is not what its name says.
    pub fn read(node: &str, dir: &JournalDir) -> Result<Self> {
        let mut replica = Self { node: node.to_owned(), ..Self::default() };
        for segment in dir.finalized()? {
            replica.add(&segment).with_context(|| segment.path.display().to_string())?;
        }
        Ok(replica)
    }

    fn add(&mut self, segment: &SegmentFile) -> Result<()> {
        let bytes = fs::read(&segment.path)?;
        let mut records = Records::open(&bytes[..])??;
        let mut next = segment.first;
        while let Some(record) = records.next_record()? {
            match record {
                Record::Op { offset, len_bytes, opcode, txid } => {
                    ensure!(u64::try_from(txid) == Ok(next), "{txid} where {next} should be");
                    let end = offset + len_bytes;
                    let bytes = bytes[usize::try_from(offset)?..usize::try_from(end)?].to_vec();
                    let known = self.transactions.insert(next, Transaction { opcode, bytes });
                    ensure!(known.is_none(), "{next} is in another segment too");
                    next += 1;
                }
                Record::Padding { stray: None, .. } => {}
                damage => return Err(anyhow!("{damage:?}")),
            }
        }
        ensure!(next == segment.last + 1, "it ends before {next}");
        self.segments.push((segment.first, segment.last));
        Ok(())
    }
}
