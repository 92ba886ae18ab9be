use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, anyhow, ensure};
use journalnode::editlog::{Record, Records};

use crate::ha::{QUORUM, UserHosts};
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
    /// Those of all JournalNodes.
    pub fn of_all(hosts: &UserHosts) -> Result<Vec<Self>> {
        let read = |node: &str| Self::read(node, &hosts.journal_dir(node)?);
        QUORUM.into_iter().map(read).collect()
    }

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

#[cfg(test)]
mod tests {
    use journalnode::editlog::{encode_header, encode_op};
    use journalnode::types::{LayoutVersion, TxId};

    use super::*;
    use crate::chaos::{Checker, Violation};

    const OP_MKDIR: u8 = 3;

    fn file(txids: &[i64]) -> Vec<u8> {
        let ops = txids.iter().flat_map(|txid| encode_op(OP_MKDIR, TxId(*txid), b"body"));
        encode_header(LayoutVersion::CURRENT).into_iter().chain(ops).collect()
    }

    fn read(node: &str, segment: &str, bytes: &[u8]) -> Result<Replica> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("current"))?;
        fs::write(folder.path().join("current").join(segment), bytes)?;
        Replica::read(node, &JournalDir::at(folder.path().to_owned()))
    }

    const ONE_TO_TWO: &str = "edits_0000000000000000001-0000000000000000002";

    #[test]
    fn padding_is_no_difference_and_another_byte_is() {
        let plain = file(&[1, 2]);
        let padded: Vec<u8> = plain.iter().copied().chain([0xff; 40]).collect();
        let other = encode_op(OP_MKDIR, TxId(2), b"bodY");
        let changed = [file(&[1]), other].concat();
        let replicas = [("node1", plain), ("node2", padded), ("node3", changed)]
            .map(|(node, bytes)| read(node, ONE_TO_TWO, &bytes).unwrap());
        let (one, other) = ("node1".to_owned(), "node3".to_owned());
        assert_eq!(Checker::replicas(&replicas), [Violation::Differs { txid: 2, one, other }]);
    }

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_refused() {
        for txids in [&[1, 3][..], &[1], &[1, 2, 3], &[2, 1]] {
            assert!(read("node1", ONE_TO_TWO, &file(txids)).is_err(), "{txids:?}");
        }
        let mut torn = file(&[1, 2]);
        torn.truncate(torn.len() - 1);
        assert!(read("node1", ONE_TO_TWO, &torn).is_err());
    }
}
