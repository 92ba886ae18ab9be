use hadoop_proto::hdfs::StorageInfoProto;
use hadoop_proto::qjournal::{RequestInfoProto, SegmentStateProto};

use crate::engine::RequestInfo;
use crate::types::{Epoch, LayoutVersion, SegmentState, StorageInfo, TxId};

/// A txid that the message must have; Java compares even its "none" as a number.
pub(super) fn txid(wire: u64) -> TxId {
    TxId(wire as i64)
}

pub(super) fn epoch(wire: u64) -> Epoch {
    Epoch(wire as i64)
}

pub(super) fn request_info(proto: &RequestInfoProto) -> RequestInfo {
    RequestInfo {
        epoch: epoch(proto.epoch),
        ipc_serial: proto.ipc_serial_number as i64,
        committed_txid: proto.committed_tx_id.and_then(TxId::from_wire),
    }
}

pub(super) fn storage_info(proto: &StorageInfoProto) -> StorageInfo {
    StorageInfo {
        layout_version: LayoutVersion(proto.layout_version as i32),
        namespace_id: proto.namespce_id as i32,
        cluster_id: proto.cluster_id.clone(),
        c_time: proto.c_time as i64,
    }
}

pub(super) fn segment_state(proto: &SegmentStateProto) -> SegmentState {
    SegmentState {
        start: txid(proto.start_tx_id),
        end: txid(proto.end_tx_id),
        in_progress: proto.is_in_progress,
    }
}

pub(super) fn segment_state_proto(segment: SegmentState) -> SegmentStateProto {
    SegmentStateProto {
        start_tx_id: segment.start.0 as u64,
        end_tx_id: segment.end.0 as u64,
        is_in_progress: segment.in_progress,
    }
}
