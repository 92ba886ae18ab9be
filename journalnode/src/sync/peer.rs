use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hadoop_ipc::call::class_name::RPC_NO_SUCH_METHOD;
use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_proto::hdfs::StorageInfoProto;
use hadoop_proto::qjournal::{
    GetEditLogManifestRequestProto, GetEditLogManifestResponseProto, GetJournalCTimeRequestProto,
    GetJournalCTimeResponseProto, GetJournalStateRequestProto, GetJournalStateResponseProto,
    GetStorageInfoRequestProto, JournalIdProto,
};
use tracing::{info, warn};

use crate::engine::{Manifest, ManifestEntry};
use crate::types::{Epoch, JournalId, LayoutVersion, StorageInfo, TxId};

const INTER_Q_JOURNAL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol";
const Q_JOURNAL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
/// Longest a peer may take to answer. Nobody waits for it but the syncer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Another JournalNode, as one journal sees it.
pub(crate) struct Peer {
    target: Target,
    journal: JournalId,
    nameservice: Option<String>,
    inter: Client,
    writers: Client,
    in_trouble: Mutex<bool>,
}

impl Peer {
    pub(super) fn new(
        target: Target,
        journal: JournalId,
        nameservice: Option<String>,
        user: Option<String>,
    ) -> Self {
        let client = |protocol: &str| {
            let options = ClientOptions {
                connect_timeout: PATIENCE,
                call_timeout: PATIENCE,
                ..ClientOptions::new(protocol, 1, user.clone())
            };
            Client::new(target.clone(), options)
        };
        let (inter, writers) = (client(INTER_Q_JOURNAL), client(Q_JOURNAL));
        Self { target, journal, nameservice, inter, writers, in_trouble: Mutex::new(false) }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Logs that the peer stopped or began to answer, once for each change.
    pub(super) fn note(&self, trouble: Option<&dyn Display>) {
        let mut in_trouble = self.in_trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let (journal, peer) = (&self.journal, &self.target);
        match trouble {
            Some(error) if !*in_trouble => warn!(%journal, %peer, "cannot sync with it: {error}"),
            None if *in_trouble => info!(%journal, %peer, "can sync with it again"),
            _ => {}
        }
        *in_trouble = trouble.is_some();
    }

    /// The peer's segments, and where it serves them.
    pub(crate) async fn manifest(
        &self,
        in_progress_ok: bool,
    ) -> Result<(Manifest, Option<String>), ClientError> {
        let request = GetEditLogManifestRequestProto {
            jid: self.jid(),
            since_tx_id: 0,
            in_progress_ok: Some(in_progress_ok),
            name_service_id: self.nameservice.clone(),
        };
        let answer: GetEditLogManifestResponseProto =
            self.inter.call("getEditLogManifestFromJournal", &request).await?;
        let logs = answer.manifest.logs.iter().map(|log| ManifestEntry {
            start: TxId(log.start_tx_id as i64),
            end: TxId::from_wire(log.end_tx_id),
            in_progress: log.is_in_progress.unwrap_or(false),
        });
        let committed_txid = answer.manifest.committed_txn_id.and_then(TxId::from_wire);
        Ok((Manifest { logs: logs.collect(), committed_txid }, answer.from_url))
    }

    /// The peer's namespace; `None` if it is of Hadoop 3.4, which does not tell.
    pub(super) async fn namespace(&self) -> Result<Option<StorageInfo>, ClientError> {
        let request = GetStorageInfoRequestProto {
            jid: self.jid(),
            name_service_id: self.nameservice.clone(),
        };
        let answer: Result<StorageInfoProto, _> = self.inter.call("getStorageInfo", &request).await;
        match answer {
            Err(ClientError::Remote(error)) if error.exception.class == RPC_NO_SUCH_METHOD => {
                Ok(None)
            }
            answer => answer.map(|info| {
                Some(StorageInfo {
                    layout_version: LayoutVersion(info.layout_version as i32),
                    namespace_id: info.namespce_id as i32,
                    cluster_id: info.cluster_id,
                    c_time: info.c_time as i64,
                })
            }),
        }
    }

    /// The highest epoch that the peer promised.
    pub(super) async fn promised(&self) -> Result<Epoch, ClientError> {
        let request = GetJournalStateRequestProto {
            jid: self.jid(),
            name_service_id: self.nameservice.clone(),
        };
        let answer: GetJournalStateResponseProto =
            self.writers.call("getJournalState", &request).await?;
        Ok(Epoch(answer.last_promised_epoch as i64))
    }

    /// When the peer's namespace was made or upgraded.
    pub(super) async fn c_time(&self) -> Result<i64, ClientError> {
        let request = GetJournalCTimeRequestProto {
            jid: self.jid(),
            name_service_id: self.nameservice.clone(),
        };
        let answer: GetJournalCTimeResponseProto =
            self.writers.call("getJournalCTime", &request).await?;
        Ok(answer.result_c_time)
    }

    fn jid(&self) -> JournalIdProto {
        JournalIdProto { identifier: self.journal.as_str().to_owned() }
    }
}
