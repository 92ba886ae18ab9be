//! `paxos/<segment>`: the recovery that was accepted (`PersistedRecoveryPaxosData`).

use hadoop_proto::qjournal::{PersistedRecoveryPaxosData, SegmentStateProto};
use hadoop_proto::{Bytes, Message, decode};

use super::atomic_file;
use super::disk::{Disk, OpenMode};
use super::error::StorageError;
use super::layout::Layout;
use crate::types::{Epoch, PaxosRecord, SegmentState, TxId};

/// Longest file that is read, in bytes. Those that Hadoop writes have about a hundred.
const PAXOS_LIMIT_BYTES: usize = 64 * 1024;

/// Reads the record of the segment that starts at `first`, if there is one.
pub(super) fn read(
    disk: &dyn Disk,
    layout: &Layout,
    first: TxId,
) -> Result<Option<PaxosRecord>, StorageError> {
    let path = layout.paxos_record(first);
    let content = match disk.open(&path, OpenMode::Read) {
        Ok(file) => file.read_to_limit(PAXOS_LIMIT_BYTES)?,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if content.is_empty() {
        return Err(bad_record(first));
    }
    let record =
        parse(Bytes::from(content)).map_err(|reason| StorageError::corrupt(&path, reason))?;
    if record.segment.start != first {
        return Err(bad_record(first));
    }
    Ok(Some(record))
}

/// Replaces the record of its segment, durably.
pub(super) fn write(
    disk: &dyn Disk,
    layout: &Layout,
    record: &PaxosRecord,
) -> Result<(), StorageError> {
    ensure_directory(disk, layout)?;
    let path = layout.paxos_record(record.segment.start);
    Ok(atomic_file::replace(disk, &path, &encode(record))?)
}

/// Deletes the record of a segment, if there is one. Durably: a record that came back after
/// the segment was written anew would be taken for an accepted recovery of it.
pub(super) fn delete(disk: &dyn Disk, layout: &Layout, first: TxId) -> Result<(), StorageError> {
    match disk.remove_file(&layout.paxos_record(first)) {
        Err(error) if error.is_not_found() => Ok(()),
        removed => Ok(removed.and_then(|()| disk.sync_dir(&layout.paxos))?),
    }
}

/// Creates `paxos/` if it is missing.
pub(super) fn ensure_directory(disk: &dyn Disk, layout: &Layout) -> Result<(), StorageError> {
    match disk.create_dir(&layout.paxos) {
        Err(error) if error.is_already_exists() => Ok(()),
        created => Ok(created.and_then(|()| disk.sync_dir(&layout.current))?),
    }
}

fn bad_record(first: TxId) -> StorageError {
    StorageError::IllegalState(format!("Bad persisted data for segment {first}"))
}

/// The delimited message, then its text form for people.
pub(super) fn encode(record: &PaxosRecord) -> Vec<u8> {
    let PaxosRecord { segment: SegmentState { start, end, in_progress }, accepted_in } = *record;
    let message = PersistedRecoveryPaxosData {
        segment_state: SegmentStateProto {
            start_tx_id: start.0 as u64,
            end_tx_id: end.0 as u64,
            is_in_progress: in_progress,
        },
        accepted_in_epoch: accepted_in.0 as u64,
    };
    let text = format!(
        "\nsegmentState {{\n  startTxId: {}\n  endTxId: {}\n  isInProgress: {in_progress}\n}}\n\
         acceptedInEpoch: {}\n\n",
        start.0 as u64, end.0 as u64, accepted_in.0 as u64
    );
    let mut content = message.encode_length_delimited_to_vec();
    content.extend(text.as_bytes());
    content
}

/// The record in front of the text; what follows it is not read.
pub(super) fn parse(mut content: Bytes) -> Result<PaxosRecord, String> {
    let len = prost_length(&mut content)?;
    if len > content.len() {
        return Err("is cut off".to_owned());
    }
    let message: PersistedRecoveryPaxosData =
        decode(content.split_to(len)).map_err(|error| error.to_string())?;
    let state = message.segment_state;
    let segment = SegmentState {
        start: TxId(state.start_tx_id as i64),
        end: TxId(state.end_tx_id as i64),
        in_progress: state.is_in_progress,
    };
    Ok(PaxosRecord { segment, accepted_in: Epoch(message.accepted_in_epoch as i64) })
}

fn prost_length(content: &mut Bytes) -> Result<usize, String> {
    prost::decode_length_delimiter(content).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a JournalNode of Hadoop 3.4.3 wrote into `paxos/4`.
    const GOLDEN: &[u8] = b"\n\n\x06\x08\x04\x10\x06\x18\x01\x10\x02\nsegmentState {\n  \
        startTxId: 4\n  endTxId: 6\n  isInProgress: true\n}\nacceptedInEpoch: 2\n\n";

    fn golden_record() -> PaxosRecord {
        let segment = SegmentState { start: TxId(4), end: TxId(6), in_progress: true };
        PaxosRecord { segment, accepted_in: Epoch(2) }
    }

    #[test]
    fn jn_114_written_and_read_as_hadoop_does() {
        assert_eq!(encode(&golden_record()), GOLDEN);
        assert_eq!(parse(Bytes::from_static(GOLDEN)).unwrap(), golden_record());
        // The text behind the message is not read.
        assert_eq!(parse(Bytes::from_static(&GOLDEN[..11])).unwrap(), golden_record());
    }

    #[test]
    fn jn_114_a_cut_message_is_an_error() {
        for cut in 1..11 {
            assert!(parse(Bytes::from_static(&GOLDEN[..cut])).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(content in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse(Bytes::from(content));
        }
    }
}
