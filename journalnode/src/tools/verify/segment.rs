use super::Problem;
use crate::editlog::{HeaderFault, ReadAt, Record, Records, opcode_name};
use crate::types::{LayoutVersion, SegmentFile, TxId};

/// Problems of one file that are listed one by one; noise is not worth a line per byte.
const MAX_LISTED: usize = 16;

/// What a segment holds, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentFacts {
    /// Its file name.
    pub name: String,
    /// What that stands for.
    pub file: SegmentFile,
    /// The version in its header; `None` without one.
    pub layout_version: Option<LayoutVersion>,
    /// The first transaction in it.
    pub first: Option<TxId>,
    /// The last transaction in it.
    pub last: Option<TxId>,
    /// How many operations are good.
    pub operations: u64,
}

/// Reads a whole segment, checks every checksum, and the content against the name.
pub fn check_segment<S: ReadAt + ?Sized>(
    name: &str,
    file: SegmentFile,
    source: &S,
) -> Result<(SegmentFacts, Vec<Problem>), S::Error> {
    let mut check = Check::new(name, file);
    match Records::open(source)? {
        Err(fault) => check.header(fault),
        Ok(mut records) => {
            check.layout(records.layout_version());
            while let Some(record) = records.next_record()? {
                check.record(&record);
            }
        }
    }
    Ok(check.finish())
}

struct Check {
    facts: SegmentFacts,
    problems: Vec<Problem>,
    unlisted: u64,
    /// A damaged stretch explains a missing number behind it.
    after_damage: bool,
}

impl Check {
    fn new(name: &str, file: SegmentFile) -> Self {
        let facts = SegmentFacts {
            name: name.to_owned(),
            file,
            layout_version: None,
            first: None,
            last: None,
            operations: 0,
        };
        Self { facts, problems: Vec::new(), unlisted: 0, after_damage: false }
    }

    fn add(&mut self, problem: Problem) {
        if self.problems.len() < MAX_LISTED {
            self.problems.push(problem);
        } else {
            self.unlisted += 1;
        }
    }

    fn header(&mut self, fault: HeaderFault) {
        let is_crash = self.facts.file.is_in_progress() && fault == HeaderFault::Corrupt;
        self.add(if is_crash { Problem::NothingWritten } else { Problem::Header(fault) });
    }

    fn layout(&mut self, version: LayoutVersion) {
        self.facts.layout_version = Some(version);
        if !(LayoutVersion::CURRENT..=LayoutVersion::EDITLOG_LENGTH).contains(&version) {
            self.add(Problem::UnknownLayout(version));
        }
    }

    fn record(&mut self, record: &Record) {
        match *record {
            Record::Op { offset, opcode, txid, .. } => self.op(offset, opcode, txid),
            Record::Damage { offset, resumes_at, reason } => {
                let torn = self.facts.file.is_in_progress() && resumes_at.is_none();
                self.after_damage = true;
                self.add(if torn {
                    Problem::TornTail { offset, reason }
                } else {
                    Problem::Operation { offset, resumes_at, reason }
                });
            }
            Record::Padding { stray: Some(at), .. } => self.add(Problem::StrayPadding { at }),
            Record::Padding { .. } => {}
        }
    }

    fn op(&mut self, offset: u64, opcode: u8, txid: i64) {
        if opcode_name(opcode).is_none() {
            self.add(Problem::UnknownOpcode { offset, txid, opcode });
        }
        let expected = self.facts.last.map_or(self.facts.file.first, TxId::next).0;
        let skips = self.after_damage && txid > expected;
        if txid != expected && !skips && self.facts.last.is_some() {
            self.add(Problem::OutOfOrder { offset, found: txid, expected });
        }
        self.after_damage = false;
        self.facts.operations += 1;
        self.facts.first = self.facts.first.or(Some(TxId(txid)));
        self.facts.last = Some(TxId(txid));
    }

    fn finish(mut self) -> (SegmentFacts, Vec<Problem>) {
        let SegmentFacts { file, first, last, .. } = self.facts;
        let is_empty = file.is_in_progress() && first.is_none();
        if first != Some(file.first) && !is_empty {
            self.problems.push(Problem::FirstTxId { found: first, named: file.first });
        }
        if let Some(named) = file.last.filter(|named| last != Some(*named)) {
            self.problems.push(Problem::LastTxId { found: last, named });
        }
        if self.unlisted > 0 {
            self.problems.push(Problem::More(self.unlisted));
        }
        (self.facts, self.problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editlog::{Damage, encode_header, encode_op};

    const OP_MKDIR: u8 = 3;

    fn log(txids: &[i64]) -> Vec<u8> {
        let ops = txids.iter().flat_map(|txid| encode_op(OP_MKDIR, TxId(*txid), b"body"));
        encode_header(LayoutVersion::CURRENT).into_iter().chain(ops).collect()
    }

    fn problems(file: SegmentFile, content: &[u8]) -> Vec<Problem> {
        check_segment(&file.to_string(), file, content).unwrap().1
    }

    fn finalized(first: i64, last: i64) -> SegmentFile {
        SegmentFile::finalized(TxId(first), TxId(last))
    }

    #[test]
    fn a_whole_segment_is_clean_and_counted() {
        let file = finalized(5, 7);
        let (facts, problems) = check_segment("n", file, &log(&[5, 6, 7])[..]).unwrap();
        assert_eq!(problems, []);
        assert_eq!((facts.first, facts.last), (Some(TxId(5)), Some(TxId(7))));
        assert_eq!((facts.operations, facts.layout_version), (3, Some(LayoutVersion::CURRENT)));
    }

    #[test]
    fn the_content_is_compared_with_the_name() {
        let last = |found| Problem::LastTxId { found, named: TxId(8) };
        assert_eq!(problems(finalized(5, 8), &log(&[5, 6, 7])), [last(Some(TxId(7)))]);
        let first = Problem::FirstTxId { found: Some(TxId(5)), named: TxId(4) };
        assert_eq!(problems(finalized(4, 7), &log(&[5, 6, 7])), [first]);
        let nothing = Problem::FirstTxId { found: None, named: TxId(5) };
        assert_eq!(problems(finalized(5, 8), &log(&[])), [nothing, last(None)]);
        assert_eq!(problems(SegmentFile::in_progress(TxId(5)), &log(&[])), []);
    }

    #[test]
    fn transactions_are_in_order_without_a_gap() {
        let wrong = Problem::OutOfOrder { offset: 29, found: 7, expected: 6 };
        assert_eq!(problems(finalized(5, 7), &log(&[5, 7])), [wrong]);
        let again = Problem::OutOfOrder { offset: 29, found: 5, expected: 6 };
        assert_eq!(problems(finalized(5, 6), &log(&[5, 5, 6])), [again]);
    }

    #[test]
    fn a_torn_tail_is_told_from_damage_in_the_middle() {
        let content = log(&[5, 6]);
        let open = SegmentFile::in_progress(TxId(5));
        let reason = Damage::CutOff;
        assert_eq!(problems(open, &content[..40]), [Problem::TornTail { offset: 29, reason }]);
        let mut damaged = content;
        damaged[25] ^= 1;
        let found = problems(open, &damaged);
        assert!(matches!(found[0], Problem::Operation { offset: 8, resumes_at: Some(29), .. }));
    }

    #[test]
    fn every_flipped_bit_of_a_segment_is_found() {
        let mut content = log(&[5, 6, 7]);
        content.resize(content.len() + 40, 0xFF);
        // The low bits of the layout version give other layouts that are known: the directory
        // tells, see `check_journal`.
        for bit in 32..content.len() * 8 {
            let mut flipped = content.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(problems(finalized(5, 7), &flipped), [], "bit {bit}");
        }
    }

    #[test]
    fn unknown_layouts_opcodes_and_headers_are_found() {
        let mut newer = log(&[5]);
        newer[..4].copy_from_slice(&(-99_i32).to_be_bytes());
        assert_eq!(problems(finalized(5, 5), &newer), [Problem::UnknownLayout(LayoutVersion(-99))]);
        let mut odd = log(&[]);
        odd.extend(encode_op(77, TxId(5), b""));
        let unknown = Problem::UnknownOpcode { offset: 8, txid: 5, opcode: 77 };
        assert_eq!(problems(finalized(5, 5), &odd), [unknown]);
        let open = SegmentFile::in_progress(TxId(5));
        assert_eq!(problems(open, &[0xFF; 32]), [Problem::NothingWritten]);
        assert_eq!(problems(finalized(5, 5), b"")[0], Problem::Header(HeaderFault::Corrupt));
    }

    #[test]
    fn noise_does_not_flood_the_report() {
        let mut content = log(&(1..=100).collect::<Vec<_>>());
        (0..100).for_each(|op| content[8 + 21 * op + 20] ^= u8::from(op % 2 == 0));
        let found = problems(finalized(1, 100), &content);
        assert!(found.len() <= MAX_LISTED + 3);
        assert_eq!(found.last(), Some(&Problem::More(50 - MAX_LISTED as u64)));
    }
}
