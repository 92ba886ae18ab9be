//! Every method of both protocols with the smallest message that it takes: each field in it
//! is required.

use hadoop_proto::Message;
use hadoop_proto::qjournal::*;

use super::support::{Q_JOURNAL, requests as r};

pub const INTER_Q_JOURNAL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol";

pub struct Method {
    pub protocol: &'static str,
    pub name: &'static str,
    /// For a journal, and a serial number if it takes one; of epoch 1.
    pub request: fn(&str, u64) -> Vec<u8>,
    /// Where messages are nested in it, besides the message itself.
    pub nested: &'static [&'static [u32]],
}

impl Method {
    /// Where there are fields.
    pub fn paths(&self) -> impl Iterator<Item = &'static [u32]> {
        std::iter::once(&[][..]).chain(self.nested.iter().copied())
    }
}

const JID: &[&[u32]] = &[&[1]];
const INFO: &[&[u32]] = &[&[1], &[1, 1]];
const JID_AND_NAMESPACE: &[&[u32]] = &[&[1], &[2], &[2, 4]];

fn info(journal: &str, serial: u64) -> RequestInfoProto {
    r::info(journal, 1, serial)
}

const fn q(
    name: &'static str,
    nested: &'static [&'static [u32]],
    request: fn(&str, u64) -> Vec<u8>,
) -> Method {
    Method { protocol: Q_JOURNAL, name, request, nested }
}

pub const METHODS: [Method; 22] = [
    q("isFormatted", JID, |j, _| r::is_formatted(j).encode_to_vec()),
    q("getJournalCTime", JID, |j, _| {
        GetJournalCTimeRequestProto { jid: r::jid(j), name_service_id: None }.encode_to_vec()
    }),
    q("doPreUpgrade", JID, |j, _| DoPreUpgradeRequestProto { jid: r::jid(j) }.encode_to_vec()),
    q("doUpgrade", &[&[1], &[2]], |j, _| {
        DoUpgradeRequestProto { jid: r::jid(j), s_info: r::storage() }.encode_to_vec()
    }),
    q("doFinalize", JID, |j, _| {
        DoFinalizeRequestProto { jid: r::jid(j), name_service_id: None }.encode_to_vec()
    }),
    q("canRollBack", &[&[1], &[2], &[3]], |j, _| can_roll_back(j).encode_to_vec()),
    q("doRollback", JID, |j, _| {
        DoRollbackRequestProto { jid: r::jid(j), nameservice_id: None }.encode_to_vec()
    }),
    q("discardSegments", JID, |j, _| discard(j).encode_to_vec()),
    q("getJournalState", JID, |j, _| r::journal_state(j).encode_to_vec()),
    q("newEpoch", JID_AND_NAMESPACE, |j, _| r::new_epoch(j, 2).encode_to_vec()),
    q("format", JID_AND_NAMESPACE, |j, _| {
        FormatRequestProto { force: None, ..r::format(j, false) }.encode_to_vec()
    }),
    q("journal", INFO, |j, serial| r::journal(info(j, serial), 1, 4, 2).encode_to_vec()),
    q("heartbeat", INFO, |j, serial| {
        HeartbeatRequestProto { req_info: info(j, serial) }.encode_to_vec()
    }),
    q("startLogSegment", INFO, |j, serial| {
        StartLogSegmentRequestProto { req_info: info(j, serial), txid: 4, layout_version: None }
            .encode_to_vec()
    }),
    q("finalizeLogSegment", INFO, |j, serial| r::finalize(info(j, serial), 1, 3).encode_to_vec()),
    q("purgeLogs", INFO, |j, serial| {
        PurgeLogsRequestProto { req_info: info(j, serial), min_tx_id_to_keep: 1 }.encode_to_vec()
    }),
    q("getEditLogManifest", JID, |j, _| manifest(j).encode_to_vec()),
    q("getJournaledEdits", JID, |j, _| r::journaled_edits(j, 1, 10).encode_to_vec()),
    q("prepareRecovery", INFO, |j, serial| r::prepare(info(j, serial), 1).encode_to_vec()),
    q("acceptRecovery", &[&[1], &[1, 1], &[2]], |j, serial| {
        r::accept(info(j, serial), (1, 3), "http://127.0.0.1:1/").encode_to_vec()
    }),
    Method {
        protocol: INTER_Q_JOURNAL,
        name: "getEditLogManifestFromJournal",
        request: |j, _| manifest(j).encode_to_vec(),
        nested: JID,
    },
    Method {
        protocol: INTER_Q_JOURNAL,
        name: "getStorageInfo",
        request: |j, _| {
            GetStorageInfoRequestProto { jid: r::jid(j), name_service_id: None }.encode_to_vec()
        },
        nested: JID,
    },
];

fn manifest(journal: &str) -> GetEditLogManifestRequestProto {
    GetEditLogManifestRequestProto { in_progress_ok: None, ..r::manifest(journal, 1, false) }
}

fn can_roll_back(journal: &str) -> CanRollBackRequestProto {
    CanRollBackRequestProto {
        jid: r::jid(journal),
        storage: r::storage(),
        prev_storage: r::storage(),
        target_layout_version: r::LAYOUT_VERSION,
        name_service_id: None,
    }
}

fn discard(journal: &str) -> DiscardSegmentsRequestProto {
    DiscardSegmentsRequestProto { jid: r::jid(journal), start_tx_id: 4, name_service_id: None }
}
