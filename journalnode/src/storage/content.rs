//! What single files hold, apart from any disk: for tests that make up the bytes.

use std::path::Path;
use std::time::SystemTime;

use hadoop_proto::Bytes;

use super::{StorageError, paxos_file, version_file};
use crate::types::{PaxosRecord, StorageInfo};

/// What a `VERSION` file says.
pub fn decode_version(content: &[u8]) -> Result<StorageInfo, StorageError> {
    version_file::parse(content, Path::new("."), Path::new("VERSION"))
}

/// A `VERSION` file, written at `now`.
pub fn encode_version(info: &StorageInfo, now: SystemTime) -> Vec<u8> {
    version_file::encode(info, now).into_bytes()
}

/// What a file of `paxos/` says, or what is wrong with it.
pub fn decode_paxos_record(content: &[u8]) -> Result<PaxosRecord, String> {
    paxos_file::parse(Bytes::copy_from_slice(content))
}

/// A file of `paxos/`.
pub fn encode_paxos_record(record: &PaxosRecord) -> Vec<u8> {
    paxos_file::encode(record)
}
