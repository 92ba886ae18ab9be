use journalnode::storage::content::{decode_paxos_record, encode_paxos_record};

/// A record that was read is written, and read again as the same.
pub(super) fn check(data: &[u8]) {
    if let Ok(record) = decode_paxos_record(data) {
        assert_eq!(decode_paxos_record(&encode_paxos_record(&record)), Ok(record));
    }
}
