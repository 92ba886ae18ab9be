use journalnode::editlog::{
    Checkpoint, HEADER_BYTES, Record, Records, Scan, ScanError, scan, scan_from, verify,
};
use journalnode::types::TxId;

/// A file of `current/`. Compared with Java's scanner elsewhere (`tests/compat/scanner.rs`); here its
/// readers are compared with one another.
pub(super) fn check(file: &[u8]) {
    match scan(file, None) {
        Ok(found) => check_found(file, found),
        Err(ScanError::Read(never)) => match never {},
        Err(ScanError::Flags { .. } | ScanError::Unsupported(_)) => {
            assert!(matches!(Records::open(file), Ok(Err(_))), "a listing without a scan");
        }
    }
}

fn check_found(file: &[u8], found: Scan) {
    assert!(found.valid_bytes <= file.len() as u64);
    assert_eq!(found.last.is_some(), found.transactions > 0);
    let records = listed(file);
    check_listed(file, &records);
    check_highest(&records, found);
    check_limits(file, found);
    check_resumed(file, &records, found);
    check_verified(file, &records, found);
}

/// None for a header that is no header.
fn listed(file: &[u8]) -> Vec<Record> {
    let Ok(Ok(mut records)) = Records::open(file) else { return Vec::new() };
    std::iter::from_fn(|| records.next_record().unwrap_or_else(|never| match never {})).collect()
}

/// Records lie in order, inside of the file.
fn check_listed(file: &[u8], records: &[Record]) {
    let mut at = 0;
    for record in records {
        let (offset, end) = match *record {
            Record::Op { offset, len_bytes, .. } | Record::Padding { offset, len_bytes, .. } => {
                (offset, offset + len_bytes)
            }
            Record::Damage { offset, resumes_at, .. } => (offset, resumes_at.unwrap_or(offset)),
        };
        assert!(at <= offset && offset <= end && end <= file.len() as u64, "{record:?} at {at}");
        at = end;
    }
}

/// The scan ends at a transaction without a number, as Java's does; the list goes on.
fn check_highest(records: &[Record], found: Scan) {
    let txids = || records.iter().filter_map(txid);
    if txids().all(|txid| TxId::from_java(txid).is_some()) {
        assert_eq!(found.last, txids().max().map(TxId));
        assert_eq!(found.transactions, txids().count() as u64);
    }
}

fn txid(record: &Record) -> Option<i64> {
    match record {
        Record::Op { txid, .. } => Some(*txid),
        Record::Damage { .. } | Record::Padding { .. } => None,
    }
}

/// A limit stops a scan early, and never makes it find more.
fn check_limits(file: &[u8], found: Scan) {
    let Some(last) = found.last else { return };
    for limit in [TxId(last.0.saturating_sub(1)), last] {
        let limited = scan(file, Some(limit)).unwrap_or_else(|error| panic!("{error:?}"));
        assert!(limited.last <= found.last && limited.transactions <= found.transactions);
        assert!(limited.last >= Some(limit), "{limited:?} below {limit}");
    }
}

/// From any operation in front of the first damage, a scan finds what may be vouched for of the
/// whole.
fn check_resumed(file: &[u8], records: &[Record], found: Scan) {
    let Some(header) = found.header else { return };
    let mut highest = None;
    for record in records {
        let Record::Op { offset: last_op_offset, len_bytes, txid, .. } = *record else { return };
        if TxId::from_java(txid).is_none() {
            return;
        }
        let last = TxId(txid);
        if highest < Some(last) {
            highest = Some(last);
            let offset = last_op_offset + len_bytes;
            let checkpoint = Checkpoint { offset, last, last_op_offset, header };
            assert_eq!(scan_from(file, checkpoint), Ok(found.whole_tail()), "from {checkpoint:?}");
        }
    }
}

/// What passes as a finished segment has no damage, and is what the scan saw.
fn check_verified(file: &[u8], records: &[Record], found: Scan) {
    let (Some(first), Some(last)) = (records.iter().find_map(txid), found.last) else { return };
    let Ok(extent) = verify(file, TxId(first), last) else { return };
    assert!(!records.iter().any(|record| matches!(record, Record::Damage { .. })));
    assert_eq!(last.0.wrapping_sub(first) as u64 + 1, found.transactions);
    assert_eq!(extent.content_bytes, found.valid_bytes);
    assert!(extent.content_bytes >= HEADER_BYTES as u64);
}
