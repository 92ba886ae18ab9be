use thiserror::Error;

use super::frame::{Frame, read_frame};
use super::op::{OP_INVALID, OpPrefix, PREFIX_BYTES, UNCOUNTED_BYTES, is_known};
use super::window::{WINDOW_BYTES, Window};
use super::{HEADER_BYTES, Header, ReadAt, read_header};
use crate::types::LayoutVersion;

/// One stretch of an edits file. Offsets and lengths are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// An operation with a good checksum.
    Op {
        /// Where it begins.
        offset: u64,
        /// Its length, opcode and checksum included.
        len_bytes: u64,
        /// What it does (`FSEditLogOpCodes`).
        opcode: u8,
        /// Its number, as written.
        txid: i64,
    },
    /// What is no operation, up to where Java's reader finds the next one.
    Damage {
        /// Where it begins.
        offset: u64,
        /// Where the next operation is; `None` if none comes.
        resumes_at: Option<u64>,
        /// What is wrong there.
        reason: Damage,
    },
    /// What follows the last operation; the last record.
    Padding {
        /// Where it begins.
        offset: u64,
        /// How long it is.
        len_bytes: u64,
        /// The first byte that is not 0xFF. Java reads zeros as padding too, but writes none.
        stray: Option<u64>,
    },
}

/// Why there is no operation where one should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Damage {
    /// The checksum does not match.
    #[error("the checksum is wrong")]
    Checksum,
    /// No operation has this length.
    #[error("a length of {len_bytes} bytes is impossible")]
    Length {
        /// Length of the whole operation, as written.
        len_bytes: i32,
    },
    /// The file ends in the middle of it.
    #[error("the file ends in the middle of an operation")]
    CutOff,
    /// Something follows the padding.
    #[error("something other than padding follows the end of the log, at byte {at}")]
    BehindTheEnd {
        /// Where.
        at: u64,
    },
}

/// Why the operations of a file cannot be told apart at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HeaderFault {
    /// No header was written, or not all of it.
    #[error("the header is missing or damaged")]
    Corrupt,
    /// The file wants features that nobody knows.
    #[error("the header has feature flags of {len_bytes} bytes, which nobody knows")]
    Flags {
        /// Length of the flags, as written.
        len_bytes: i32,
    },
    /// Operations without a length in front of them. No Hadoop since 2.3 writes such a file.
    #[error("operations of layout version {0} cannot be told apart")]
    NotFramed(LayoutVersion),
}

/// The records of an edits file in order: all of them, where [`scan`](super::scan) only looks
/// for the last transaction.
pub struct Records<'a, S: ReadAt + ?Sized> {
    window: Window<'a, S>,
    layout_version: LayoutVersion,
    at: u64,
    ended: bool,
}

impl<'a, S: ReadAt + ?Sized> Records<'a, S> {
    /// Reads the header of a file.
    pub fn open(source: &'a S) -> Result<Result<Self, HeaderFault>, S::Error> {
        let mut window = Window::new(source);
        let layout = match read_header(window.bytes(0, HEADER_BYTES)?) {
            Header::Corrupt => Err(HeaderFault::Corrupt),
            Header::Flags { len_bytes } => Err(HeaderFault::Flags { len_bytes }),
            Header::Intact { layout_version, .. }
                if !layout_version.supports(LayoutVersion::EDITLOG_LENGTH) =>
            {
                Err(HeaderFault::NotFramed(layout_version))
            }
            Header::Intact { layout_version, len_bytes } => Ok((layout_version, len_bytes)),
        };
        Ok(layout.map(|(layout_version, at)| Self { window, layout_version, at, ended: false }))
    }

    /// The version in the header.
    pub fn layout_version(&self) -> LayoutVersion {
        self.layout_version
    }

    /// Where the next record begins.
    pub fn offset(&self) -> u64 {
        self.at
    }

    /// Goes on at an operation that is known to begin there.
    pub fn seek(&mut self, offset: u64) {
        (self.at, self.ended) = (offset, false);
    }

    /// The next record; `None` behind the padding.
    pub fn next_record(&mut self) -> Result<Option<Record>, S::Error> {
        if self.ended {
            return Ok(None);
        }
        let offset = self.at;
        match read_frame(&mut self.window, offset)? {
            Frame::End => self.padding().map(Some),
            Frame::Op { opcode, txid, end } => {
                self.at = end;
                Ok(Some(Record::Op { offset, len_bytes: end - offset, opcode, txid }))
            }
            Frame::Bad { stopped_at, .. } => {
                let reason = self.reason(offset, stopped_at)?;
                let resumes_at = self.resume(stopped_at)?;
                self.ended = resumes_at.is_none();
                self.at = resumes_at.unwrap_or(offset);
                Ok(Some(Record::Damage { offset, resumes_at, reason }))
            }
        }
    }

    fn reason(&mut self, offset: u64, stopped_at: u64) -> Result<Damage, S::Error> {
        let begin = self.window.bytes(offset, PREFIX_BYTES)?;
        if begin.first() == Some(&OP_INVALID) {
            return Ok(Damage::BehindTheEnd { at: stopped_at });
        }
        if begin.len() < UNCOUNTED_BYTES {
            return Ok(Damage::CutOff);
        }
        let mut prefix = [0; PREFIX_BYTES];
        prefix[..begin.len()].copy_from_slice(begin);
        let prefix = OpPrefix::read(&prefix);
        Ok(match prefix.size_bytes() {
            None => Damage::Length { len_bytes: prefix.total_bytes },
            Some(size) if stopped_at - offset == size as u64 => Damage::Checksum,
            Some(_) => Damage::CutOff,
        })
    }

    /// Where Java's reader goes on when it was told to skip damage (`Reader.readOp`).
    fn resume(&mut self, from: u64) -> Result<Option<u64>, S::Error> {
        let mut at = from;
        loop {
            match read_frame(&mut self.window, at)? {
                Frame::End => return Ok(None),
                Frame::Bad { try_next, .. } => at = try_next,
                Frame::Op { opcode, .. } if !is_known(opcode) => at += 1,
                Frame::Op { .. } => return Ok(Some(at)),
            }
        }
    }

    fn padding(&mut self) -> Result<Record, S::Error> {
        let offset = self.at;
        let (mut at, mut stray) = (offset, None);
        loop {
            let bytes = self.window.bytes(at, WINDOW_BYTES)?;
            if bytes.is_empty() {
                break;
            }
            let found = bytes.iter().position(|byte| *byte != OP_INVALID);
            stray = stray.or(found.map(|found| at + found as u64));
            at += bytes.len() as u64;
        }
        self.ended = true;
        Ok(Record::Padding { offset, len_bytes: at - offset, stray })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::editlog::{encode_header, encode_op, scan};
    use crate::types::TxId;

    const OP_MKDIR: u8 = 3;

    fn log(txids: std::ops::RangeInclusive<i64>) -> Vec<u8> {
        let ops = txids.flat_map(|txid| encode_op(OP_MKDIR, TxId(txid), b"body"));
        encode_header(LayoutVersion::CURRENT).into_iter().chain(ops).collect()
    }

    fn records(file: &[u8]) -> Vec<Record> {
        let mut records = Records::open(file).unwrap().unwrap();
        std::iter::from_fn(|| records.next_record().unwrap()).collect()
    }

    fn op(offset: u64, txid: i64) -> Record {
        Record::Op { offset, len_bytes: 21, opcode: OP_MKDIR, txid }
    }

    fn end(offset: u64, len_bytes: u64) -> Record {
        Record::Padding { offset, len_bytes, stray: None }
    }

    #[test]
    fn every_operation_is_listed_and_then_the_padding() {
        let mut file = log(1..=2);
        assert_eq!(records(&file), [op(8, 1), op(29, 2), end(50, 0)]);
        file.resize(100, OP_INVALID);
        assert_eq!(records(&file)[2], end(50, 50));
        file[70] = 0;
        assert_eq!(
            records(&file)[2],
            Record::Padding { offset: 50, len_bytes: 50, stray: Some(70) }
        );
    }

    #[test]
    fn damage_says_why_and_where_the_next_operation_is() {
        let good = log(1..=3);
        let damaged = |at: usize, value: u8| {
            let mut file = good.clone();
            file[at] = value;
            records(&file)[1]
        };
        let at = |reason| Record::Damage { offset: 29, resumes_at: Some(50), reason };
        assert_eq!(damaged(45, 0), at(Damage::Checksum));
        assert_eq!(damaged(30, 0xFF), at(Damage::Length { len_bytes: -16_777_195 }));
        let Record::Damage { reason, .. } = damaged(32, 1) else { panic!() };
        assert_eq!(reason, Damage::CutOff);
        let cut = &good[..60];
        let torn = Record::Damage { offset: 50, resumes_at: None, reason: Damage::CutOff };
        assert_eq!(records(cut)[2..], [torn]);
    }

    #[test]
    fn operations_behind_the_end_are_damage() {
        let mut file = log(1..=1);
        file.extend([OP_INVALID; 5]);
        let at = file.len() as u64;
        file.extend(encode_op(OP_MKDIR, TxId(2), b"body"));
        let reason = Damage::BehindTheEnd { at };
        let damage = Record::Damage { offset: 29, resumes_at: Some(at), reason };
        assert_eq!(records(&file), [op(8, 1), damage, op(at, 2), end(at + 21, 0)]);
    }

    #[test]
    fn a_file_without_a_header_has_no_records() {
        for file in [&[][..], &[0xFF; 64], &[0; 64]] {
            assert_eq!(Records::open(file).unwrap().err(), Some(HeaderFault::Corrupt));
        }
    }

    proptest! {
        /// Whatever the bytes, reading ends, and finds the last transaction that a scan finds.
        #[test]
        fn any_damage_is_read_as_a_scan_reads_it(
            at in 8..100_usize,
            noise in proptest::collection::vec(any::<u8>(), 1..60),
        ) {
            let mut file = log(1..=4);
            file.resize(160, OP_INVALID);
            file[at..at + noise.len()].copy_from_slice(&noise);
            let last = records(&file).into_iter().filter_map(|record| match record {
                Record::Op { txid, .. } => Some(TxId(txid)),
                _ => None,
            });
            prop_assert_eq!(last.max(), scan(&file[..], None).unwrap().last);
        }
    }
}
