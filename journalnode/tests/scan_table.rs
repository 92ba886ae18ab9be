//! Every row of the table of scan outcomes (JN-119, JN-120, JN-121). Each was compared with
//! what `EditLogFileInputStream.scanEditLog` of Hadoop 3.4.3 finds in the same file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use journalnode::editlog::{
    MalformedRecords, ReadAt, ScanError, count, encode_header, encode_op, scan, split,
};
use journalnode::types::{LayoutVersion, TxId};
use proptest::prelude::*;

const PADDING: [u8; 3000] = [0xFF; 3000];
const OP_CLOSE: u8 = 9;

fn op_of(opcode: u8, txid: i64) -> Vec<u8> {
    encode_op(opcode, TxId(txid), b"some body that stands for a path")
}

fn op(txid: i64) -> Vec<u8> {
    op_of(OP_CLOSE, txid)
}

/// With a wrong checksum.
fn bad(txid: i64) -> Vec<u8> {
    let mut op = op(txid);
    *op.last_mut().unwrap() ^= 0x55;
    op
}

/// Claims to be longer than it is.
fn longer(txid: i64, by: usize) -> Vec<u8> {
    let mut op = op(txid);
    let length = (op.len() + by - 5) as u32;
    op[1..5].copy_from_slice(&length.to_be_bytes());
    op
}

fn file(version: i32, parts: &[&[u8]]) -> Vec<u8> {
    [&encode_header(LayoutVersion(version))[..], &parts.concat()].concat()
}

fn last_of(content: &[u8]) -> Option<i64> {
    scan(content, None).unwrap().last.map(|txid| txid.0)
}

/// The last transaction after good operations 1 and 2.
fn last_with(tail: &[&[u8]]) -> Option<i64> {
    last_of(&file(-67, &[&op(1), &op(2), &tail.concat()]))
}

#[test]
fn what_is_behind_a_damaged_stretch_counts_for_java_and_is_not_vouched_for() {
    let torn = scan(&file(-67, &[&op(1), &op(2), &bad(3), &op(4), &PADDING])[..], None).unwrap();
    assert_eq!((torn.last, torn.whole), (Some(TxId(4)), Some(TxId(2))));
    assert_eq!(torn.whole_tail().last, Some(TxId(2)));
    let sound = scan(&file(-67, &[&op(1), &op(2), &PADDING])[..], None).unwrap();
    assert_eq!(sound.whole, sound.last);
}

#[test]
fn jn_120_padding_and_torn_tails() {
    let third = op(3);
    assert_eq!(last_with(&[&third, &PADDING]), Some(3));
    for cut in 0..third.len() {
        assert_eq!(last_with(&[&third[..cut]]), Some(2), "cut at {cut}");
        assert_eq!(last_with(&[&third[..cut], &PADDING]), Some(2), "cut at {cut}, padded");
    }
    assert_eq!(last_with(&[&[0; 5000]]), Some(2));
    assert_eq!(last_with(&[&[0xFF], &[0; 5000]]), Some(2));
}

#[test]
fn jn_120_a_damaged_operation_is_skipped_if_one_that_java_can_decode_follows() {
    assert_eq!(last_with(&[&bad(3), &op(4)]), Some(4));
    for unknown in [5, 6, 53, 99, 254] {
        assert_eq!(last_with(&[&bad(3), &op_of(unknown, 4)]), Some(2), "opcode {unknown}");
        assert_eq!(last_with(&[&op_of(unknown, 3), &op(4)]), Some(4), "opcode {unknown}");
        assert_eq!(last_with(&[&op_of(unknown, 3)]), Some(3), "opcode {unknown}");
    }
}

#[test]
fn jn_120_the_search_begins_where_the_failed_read_stopped() {
    let fourth = op(4);
    let covering = longer(3, fourth.len());
    assert_eq!(last_with(&[&covering, &fourth, &op(5)]), Some(5));
    assert_eq!(last_with(&[&covering, &fourth]), Some(2));
    assert_eq!(last_with(&[&covering, &fourth, &PADDING]), Some(2));
    assert_eq!(last_with(&[&longer(3, 10_000), &fourth, &op(5)]), Some(2));
    let huge = [&[OP_CLOSE][..], &(60_u32 << 20).to_be_bytes()].concat();
    assert_eq!(last_of(&file(-67, &[&op(1), &huge, &fourth])), Some(4));
}

#[test]
fn jn_120_behind_a_terminator() {
    assert_eq!(last_with(&[&PADDING, &op(3), &PADDING]), Some(3));
    assert_eq!(last_with(&[&PADDING, b"hello garbage text"]), Some(2));
    assert_eq!(last_with(&[&PADDING, &bad(3), &op(4), &PADDING, b"z", &op(5)]), Some(5));
}

#[test]
fn jn_120_the_highest_transaction_counts() {
    assert_eq!(last_of(&file(-67, &[&op(1), &op(7), &op(3)])), Some(7));
    // "No transaction" ends a file, but not behind a damaged stretch.
    assert_eq!(last_with(&[&op(-12345), &op(4)]), Some(2));
    assert_eq!(last_with(&[&bad(3), &op(-12345), &op(5)]), Some(5));
}

#[test]
fn jn_120_impossible_lengths() {
    for length in [i32::MAX, -1, i32::MIN, 0, 5, 11, 52_428_800 - 4] {
        let broken = [&[OP_CLOSE][..], &length.to_be_bytes(), &op(2)[5..]].concat();
        assert_eq!(last_of(&file(-67, &[&op(1), &broken])), Some(1), "length {length}");
    }
    let shortest = encode_op(24, TxId(1), b"");
    assert_eq!((shortest.len(), last_of(&file(-67, &[&shortest]))), (17, Some(1)));
}

#[test]
fn jn_120_headers() {
    let whole = file(-67, &[]);
    for corrupt in [&whole[..0], &whole[..3], &whole[..4], &PADDING[..], &[0; 5000][..]] {
        let scan = scan(corrupt, None).unwrap();
        assert_eq!((scan.header, scan.last, scan.valid_bytes), (None, None, 0));
    }
    let header_only = scan(&whole[..], None).unwrap();
    assert_eq!((header_only.header, header_only.last), (Some(LayoutVersion(-67)), None));
    for (version, readable) in [(-67, true), (-56, true), (-66, true), (-68, false), (-99, false)] {
        let scan = scan(&file(version, &[&op(1), &op(2)])[..], None).unwrap();
        assert_eq!((scan.last, scan.is_version_readable()), (Some(TxId(2)), readable), "{version}");
    }
}

#[test]
fn jn_121_flags_and_layouts_without_lengths_are_errors() {
    for flags in [3_i32, -3] {
        let content = [(-67_i32).to_be_bytes(), flags.to_be_bytes()].concat();
        assert_eq!(scan(&content[..], None), Err(ScanError::Flags { len_bytes: flags }));
    }
    let old = file(-55, &[&op(1)]);
    assert_eq!(scan(&old[..], None), Err(ScanError::Unsupported(LayoutVersion(-55))));
}

#[test]
fn a_scan_stops_at_its_limit() {
    let content = file(-67, &[&op(1), &op(2), &op(3)]);
    for (limit, last) in [(0, 1), (1, 1), (2, 2), (9, 3)] {
        assert_eq!(scan(&content[..], Some(TxId(limit))).unwrap().last, Some(TxId(last)));
    }
    let two = scan(&content[..], Some(TxId(2))).unwrap();
    assert_eq!((two.transactions, two.valid_bytes as usize), (2, 8 + 2 * op(1).len()));
}

/// A log of one operation of the longest kind, and how much was asked for at once.
struct Longest {
    content: Vec<u8>,
    most: std::cell::Cell<usize>,
}

impl ReadAt for Longest {
    type Error = std::convert::Infallible;

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Self::Error> {
        self.most.set(self.most.get().max(buffer.len()));
        self.content[..].read_at(buffer, offset)
    }
}

#[test]
fn jn_119_the_longest_operation_is_read_in_pieces() {
    let long = encode_op(OP_CLOSE, TxId(1), &vec![7; 52_428_800 - 17]);
    let log = Longest { content: file(-67, &[&long, &op(2)]), most: 0.into() };
    assert_eq!(scan(&log, None).unwrap().last, Some(TxId(2)));
    assert!(log.most.get() <= 256 * 1024);
}

#[test]
fn a_batch_is_cut_at_its_transactions() {
    let batch = [op(5), op(6), encode_op(23, TxId(7), b"")].concat();
    let frames: Vec<_> = split(&batch).map(Result::unwrap).collect();
    assert_eq!(frames.iter().map(|frame| frame.txid.0).collect::<Vec<_>>(), [5, 6, 7]);
    assert_eq!((frames[0].range.start, frames[2].range.end), (0, batch.len()));
    assert_eq!(frames[1].range, frames[0].range.end..frames[2].range.start);
    assert_eq!((count(&batch), count(b"")), (Ok(3), Ok(0)));
}

#[test]
fn a_malformed_batch_is_an_error_once() {
    let batch = [op(5), PADDING.to_vec()].concat();
    let error = MalformedRecords { offset: op(5).len() };
    assert_eq!(count(&batch), Err(error));
    assert_eq!(split(&batch).count(), 2);
    assert_eq!(count(&op(5)[..20]), Err(MalformedRecords { offset: 0 }));
}

proptest! {
    #[test]
    fn any_file_is_scanned(mut content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = scan(&content[..], None);
        content.splice(0..0, encode_header(LayoutVersion::CURRENT));
        prop_assert!(scan(&content[..], None).is_ok());
        let _ = count(&content);
    }

    #[test]
    fn good_operations_before_damage_are_never_lost(
        good in 1_i64..20,
        damage in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let ops: Vec<u8> = (1..=good).flat_map(op).collect();
        let content = file(-67, &[&ops, &damage]);
        prop_assert!(last_of(&content) >= Some(good));
    }
}
