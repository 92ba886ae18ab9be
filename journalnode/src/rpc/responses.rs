use hadoop_proto::hdfs::{RemoteEditLogManifestProto, RemoteEditLogProto, StorageInfoProto};
use hadoop_proto::qjournal::{GetEditLogManifestResponseProto, PrepareRecoveryResponseProto};

use super::HttpAddress;
use super::convert::segment_state_proto;
use crate::engine::{Manifest, PreparedRecovery};
use crate::types::{StorageInfo, TxId};

pub(super) fn manifest(manifest: &Manifest, http: &HttpAddress) -> GetEditLogManifestResponseProto {
    let logs = manifest.logs.iter().map(|log| RemoteEditLogProto {
        start_tx_id: log.start.0 as u64,
        end_tx_id: TxId::to_wire(log.end),
        is_in_progress: Some(log.in_progress),
    });
    GetEditLogManifestResponseProto {
        manifest: RemoteEditLogManifestProto {
            logs: logs.collect(),
            committed_txn_id: Some(TxId::to_wire(manifest.committed_txid)),
        },
        http_port: u32::from(http.port),
        from_url: Some(http.url.clone()),
    }
}

pub(super) fn prepared(recovery: &PreparedRecovery) -> PrepareRecoveryResponseProto {
    PrepareRecoveryResponseProto {
        segment_state: recovery.segment.map(segment_state_proto),
        accepted_in_epoch: recovery.accepted_in.map(|epoch| epoch.0 as u64),
        last_writer_epoch: recovery.last_writer_epoch.0 as u64,
        last_committed_tx_id: recovery.committed_txid.map(|txid| txid.0 as u64),
    }
}

/// An unformatted journal has namespace 0 and no cluster, as in Java.
pub(super) fn storage_info(info: Option<&StorageInfo>) -> StorageInfoProto {
    StorageInfoProto {
        layout_version: info.map_or(0, |info| info.layout_version.0 as u32),
        namespce_id: info.map_or(0, |info| info.namespace_id as u32),
        cluster_id: info.map_or_else(String::new, |info| info.cluster_id.clone()),
        c_time: info.map_or(0, |info| info.c_time as u64),
    }
}
