//! Our nouns as Hadoop's messages, and back.

use hadoop_proto::hdfs::{NamespaceInfoProto, RemoteEditLogProto, StorageInfoProto};
use hadoop_proto::qjournal::{
    JournalIdProto, PrepareRecoveryResponseProto, RequestInfoProto, SegmentStateProto,
};

use super::NamespaceInfo;
use crate::engine::{ManifestEntry, PreparedRecovery, RequestInfo};
use crate::types::{Epoch, JournalId, SegmentState, StorageInfo, TxId};

pub(super) fn journal_id(journal: &JournalId) -> JournalIdProto {
    JournalIdProto { identifier: journal.as_str().to_owned() }
}

pub(super) fn request_info(
    journal: &JournalId,
    name_service_id: Option<&str>,
    info: RequestInfo,
) -> RequestInfoProto {
    RequestInfoProto {
        journal_id: journal_id(journal),
        epoch: info.epoch.0 as u64,
        ipc_serial_number: info.ipc_serial as u64,
        committed_tx_id: info.committed_txid.map(|txid| txid.0 as u64),
        name_service_id: name_service_id.map(str::to_owned),
    }
}

pub(super) fn namespace_info(namespace: &NamespaceInfo) -> NamespaceInfoProto {
    NamespaceInfoProto {
        build_version: namespace.software_version.clone(),
        unused: 0,
        block_pool_id: namespace.block_pool_id.clone(),
        storage_info: storage_info(&namespace.storage),
        software_version: namespace.software_version.clone(),
        capabilities: None,
        state: None,
    }
}

fn storage_info(storage: &StorageInfo) -> StorageInfoProto {
    StorageInfoProto {
        layout_version: storage.layout_version.0 as u32,
        namespce_id: storage.namespace_id as u32,
        cluster_id: storage.cluster_id.clone(),
        c_time: storage.c_time as u64,
    }
}

pub(super) fn segment_state_proto(segment: SegmentState) -> SegmentStateProto {
    SegmentStateProto {
        start_tx_id: segment.start.0 as u64,
        end_tx_id: segment.end.0 as u64,
        is_in_progress: segment.in_progress,
    }
}

pub(super) fn prepared_recovery(answer: &PrepareRecoveryResponseProto) -> PreparedRecovery {
    PreparedRecovery {
        segment: answer.segment_state.as_ref().map(|segment| SegmentState {
            start: TxId(segment.start_tx_id as i64),
            end: TxId(segment.end_tx_id as i64),
            in_progress: segment.is_in_progress,
        }),
        accepted_in: answer.accepted_in_epoch.map(|epoch| Epoch(epoch as i64)),
        last_writer_epoch: Epoch(answer.last_writer_epoch as i64),
        committed_txid: answer.last_committed_tx_id.and_then(TxId::from_wire),
    }
}

pub(super) fn manifest_entry(log: &RemoteEditLogProto) -> ManifestEntry {
    ManifestEntry {
        start: TxId(log.start_tx_id as i64),
        end: TxId::from_wire(log.end_tx_id),
        in_progress: log.is_in_progress.unwrap_or_default(),
    }
}
