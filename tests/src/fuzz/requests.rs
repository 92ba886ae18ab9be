use bytes::Bytes;
use hadoop_ipc::frame::split_delimited;
use hadoop_proto::common::{
    CedeActiveRequestProto, GracefulFailoverRequestProto, RequestHeaderProto,
};
use hadoop_proto::qjournal::{
    AcceptRecoveryRequestProto, FormatRequestProto, GetJournaledEditsRequestProto,
    JournalRequestProto, NewEpochRequestProto,
};
use hadoop_proto::{Message, Required, decode};
use journalnode::editlog::{MIN_OP_BYTES, split};

/// The body of a call, taken for a call of every kind: its header names the method.
pub(super) fn check(mut body: Bytes) {
    let Some(header) = split_delimited(&mut body) else { return };
    check_message::<RequestHeaderProto>(&header);
    let Some(request) = split_delimited(&mut body) else { return };
    check_message::<FormatRequestProto>(&request);
    check_message::<NewEpochRequestProto>(&request);
    check_message::<AcceptRecoveryRequestProto>(&request);
    check_message::<GetJournaledEditsRequestProto>(&request);
    check_message::<CedeActiveRequestProto>(&request);
    check_message::<GracefulFailoverRequestProto>(&request);
    check_message::<JournalRequestProto>(&request);
    if let Ok(journal) = decode::<JournalRequestProto>(request) {
        check_records(&journal.records);
    }
}

/// What was understood can be said again, and is then the same.
fn check_message<M: Message + Required + Default + PartialEq>(bytes: &Bytes) {
    if let Ok(message) = decode::<M>(bytes.clone()) {
        let again = decode::<M>(message.encode_to_vec().into());
        assert!(again.is_ok_and(|again| again == message), "{} became another one", M::SCHEMA.name);
    }
}

/// Operations of a batch lie side by side from its first byte on.
fn check_records(records: &[u8]) {
    let mut at = 0;
    for op in split(records) {
        let Ok(op) = op else { return };
        assert_eq!(op.range.start, at);
        assert!(op.range.len() >= MIN_OP_BYTES && op.range.end <= records.len());
        at = op.range.end;
    }
    assert_eq!(at, records.len());
}
