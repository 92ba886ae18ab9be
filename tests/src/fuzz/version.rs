use std::time::UNIX_EPOCH;

use journalnode::storage::content::{decode_version, encode_version};

/// A `VERSION` that was read is written, and read again as the same.
pub(super) fn check(data: &[u8]) {
    match decode_version(data) {
        Ok(info) => {
            let again = decode_version(&encode_version(&info, UNIX_EPOCH));
            assert_eq!(again.ok(), Some(info));
        }
        Err(error) => assert!(error.java_class().contains('.'), "{error}"),
    }
}
