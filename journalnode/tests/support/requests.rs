//! What a NameNode asks, for a journal of one namespace.

use hadoop_proto::Bytes;
use hadoop_proto::hdfs::{NamespaceInfoProto, StorageInfoProto};
use hadoop_proto::qjournal::*;
use journalnode::editlog::encode_op;
use journalnode::types::TxId;

pub const NAMESPACE_ID: u32 = 12345;
pub const CLUSTER_ID: &str = "CID-test";
pub const LAYOUT_VERSION: i32 = -67;
/// `OP_MKDIR`; the node never looks at it.
const OP_CODE: u8 = 3;

pub fn jid(journal: &str) -> JournalIdProto {
    JournalIdProto { identifier: journal.to_owned() }
}

pub fn storage() -> StorageInfoProto {
    StorageInfoProto {
        layout_version: LAYOUT_VERSION as u32,
        namespce_id: NAMESPACE_ID,
        cluster_id: CLUSTER_ID.to_owned(),
        c_time: 0,
    }
}

pub fn namespace() -> NamespaceInfoProto {
    NamespaceInfoProto {
        build_version: "b".to_owned(),
        unused: 0,
        block_pool_id: "BP-test".to_owned(),
        storage_info: storage(),
        software_version: "3.4.3".to_owned(),
        capabilities: None,
        state: None,
    }
}

/// A request of a writer.
pub fn info(journal: &str, epoch: u64, serial: u64) -> RequestInfoProto {
    RequestInfoProto {
        journal_id: jid(journal),
        epoch,
        ipc_serial_number: serial,
        committed_tx_id: None,
        name_service_id: None,
    }
}

pub fn format(journal: &str, force: bool) -> FormatRequestProto {
    FormatRequestProto {
        jid: jid(journal),
        ns_info: namespace(),
        name_service_id: None,
        force: Some(force),
    }
}

pub fn new_epoch(journal: &str, epoch: u64) -> NewEpochRequestProto {
    NewEpochRequestProto { jid: jid(journal), ns_info: namespace(), epoch, name_service_id: None }
}

pub fn is_formatted(journal: &str) -> IsFormattedRequestProto {
    IsFormattedRequestProto { jid: jid(journal), name_service_id: None }
}

pub fn journal_state(journal: &str) -> GetJournalStateRequestProto {
    GetJournalStateRequestProto { jid: jid(journal), name_service_id: None }
}

pub fn start_segment(req_info: RequestInfoProto, txid: u64) -> StartLogSegmentRequestProto {
    StartLogSegmentRequestProto { req_info, txid, layout_version: Some(LAYOUT_VERSION) }
}

/// `count` transactions from `first` on.
pub fn journal(
    req_info: RequestInfoProto,
    segment: u64,
    first: u64,
    count: u32,
) -> JournalRequestProto {
    JournalRequestProto {
        req_info,
        first_txn_id: first,
        num_txns: count,
        records: records(first, count),
        segment_txn_id: segment,
        name_service_id: None,
    }
}

/// As they are in a batch and in a file.
pub fn records(first: u64, count: u32) -> Bytes {
    let ops = (first..first + u64::from(count))
        .map(|txid| encode_op(OP_CODE, TxId(txid as i64), format!("body of {txid}").as_bytes()));
    ops.collect::<Vec<_>>().concat().into()
}

pub fn finalize(
    req_info: RequestInfoProto,
    start: u64,
    end: u64,
) -> FinalizeLogSegmentRequestProto {
    FinalizeLogSegmentRequestProto { req_info, start_tx_id: start, end_tx_id: end }
}

pub fn prepare(req_info: RequestInfoProto, segment: u64) -> PrepareRecoveryRequestProto {
    PrepareRecoveryRequestProto { req_info, segment_tx_id: segment }
}

pub fn accept(
    req_info: RequestInfoProto,
    (start, end): (u64, u64),
    from_url: &str,
) -> AcceptRecoveryRequestProto {
    AcceptRecoveryRequestProto {
        req_info,
        state_to_accept: SegmentStateProto {
            start_tx_id: start,
            end_tx_id: end,
            is_in_progress: true,
        },
        from_url: from_url.to_owned(),
    }
}

pub fn manifest(journal: &str, since: u64, in_progress: bool) -> GetEditLogManifestRequestProto {
    GetEditLogManifestRequestProto {
        jid: jid(journal),
        since_tx_id: since,
        in_progress_ok: Some(in_progress),
        name_service_id: None,
    }
}

pub fn journaled_edits(journal: &str, since: u64, max: u32) -> GetJournaledEditsRequestProto {
    GetJournaledEditsRequestProto {
        jid: jid(journal),
        since_tx_id: since,
        max_txns: max,
        name_service_id: None,
    }
}
