use std::time::{Duration, Instant};

use anyhow::Result;
use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_proto::hdfs::{NamespaceInfoProto, StorageInfoProto};
use hadoop_proto::qjournal::*;
use hadoop_proto::{Message, Required};
use journalnode::types::LayoutVersion;

use super::{LongLog, START_LIMIT};
use crate::hadoop::JournalNode;

const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
const USER: &str = "bench";
/// Between two tries to get an answer from a process that is starting.
const RETRY_INTERVAL: Duration = Duration::from_millis(1);

/// One JournalNode's client: asks what a NameNode asks, one call at a time over one connection.
pub struct JournalWriter {
    client: Client,
    journal: String,
    epoch: u64,
    serial: u64,
}

impl JournalWriter {
    /// A writer of this journal that is not promised anything yet.
    pub fn new(node: &JournalNode, journal: &str) -> Self {
        let address = node.rpc_address();
        let target = Target::new(address.ip().to_string(), address.port());
        let client = Client::new(target, ClientOptions::new(PROTOCOL, 1, Some(USER.to_owned())));
        Self { client, journal: journal.to_owned(), epoch: 0, serial: 0 }
    }

    /// Asks whether the journal is formatted until it is answered, for which a server reads the
    /// journal's directory.
    pub async fn await_first_answer(node: &JournalNode, journal: &str) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            // A connection that was refused is tried again only after a pause.
            let writer = Self::new(node, journal);
            let request = IsFormattedRequestProto { jid: writer.jid(), name_service_id: None };
            let answer: Result<IsFormattedResponseProto, _> =
                writer.call("isFormatted", &request).await;
            match answer {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > deadline => return Err(error.into()),
                Err(_) => tokio::time::sleep(RETRY_INTERVAL).await,
            }
        }
    }

    /// Formats the journal, whatever it holds.
    pub async fn format(&self) -> Result<(), ClientError> {
        let (jid, ns_info) = (self.jid(), namespace());
        let request = FormatRequestProto { jid, ns_info, name_service_id: None, force: Some(true) };
        self.call("format", &request).await.map(|_: FormatResponseProto| ())
    }

    /// Becomes the writer.
    pub async fn new_epoch(&mut self, epoch: u64) -> Result<(), ClientError> {
        let (jid, ns_info) = (self.jid(), namespace());
        let request = NewEpochRequestProto { jid, ns_info, epoch, name_service_id: None };
        (self.epoch, self.serial) = (epoch, 0);
        self.call("newEpoch", &request).await.map(|_: NewEpochResponseProto| ())
    }

    /// The last epoch that was promised to a writer.
    pub async fn promised_epoch(&self) -> Result<u64, ClientError> {
        let request = GetJournalStateRequestProto { jid: self.jid(), name_service_id: None };
        let answer: GetJournalStateResponseProto = self.call("getJournalState", &request).await?;
        Ok(answer.last_promised_epoch)
    }

    /// Prepares the recovery of a segment: its last transaction, 0 if there is no such segment.
    pub async fn prepare_recovery(&mut self, segment_tx_id: u64) -> Result<u64, ClientError> {
        let request = PrepareRecoveryRequestProto { req_info: self.info(), segment_tx_id };
        let answer: PrepareRecoveryResponseProto = self.call("prepareRecovery", &request).await?;
        Ok(answer.segment_state.map_or(0, |state| state.end_tx_id))
    }

    /// Begins a segment.
    pub async fn start_segment(&mut self, txid: u64) -> Result<(), ClientError> {
        let layout_version = Some(LayoutVersion::CURRENT.0);
        let req_info = self.info();
        let request = StartLogSegmentRequestProto { req_info, txid, layout_version };
        self.call("startLogSegment", &request).await.map(|_: StartLogSegmentResponseProto| ())
    }

    /// Writes one batch.
    pub async fn write(
        &mut self,
        log: LongLog,
        segment: u64,
        first: u64,
        count: u64,
    ) -> Result<(), ClientError> {
        let request = JournalRequestProto {
            req_info: self.info(),
            first_txn_id: first,
            num_txns: count as u32,
            records: log.records(first, count).into(),
            segment_txn_id: segment,
            name_service_id: None,
        };
        self.call("journal", &request).await.map(|_: JournalResponseProto| ())
    }

    /// Begins a segment and writes all of it, so many transactions to a batch.
    pub async fn write_whole(
        &mut self,
        log: LongLog,
        first: u64,
        batch_txns: u64,
    ) -> Result<(), ClientError> {
        self.start_segment(first).await?;
        for batch in 0..log.txns_per_segment / batch_txns {
            self.write(log, first, first + batch * batch_txns, batch_txns).await?;
        }
        Ok(())
    }

    /// Ends a segment.
    pub async fn finalize(&mut self, first: u64, last: u64) -> Result<(), ClientError> {
        let req_info = self.info();
        let request =
            FinalizeLogSegmentRequestProto { req_info, start_tx_id: first, end_tx_id: last };
        let answer = self.call("finalizeLogSegment", &request).await;
        answer.map(|_: FinalizeLogSegmentResponseProto| ())
    }

    /// What a reader is told that wants everything from here on.
    pub async fn manifest(
        &self,
        since: u64,
    ) -> Result<GetEditLogManifestResponseProto, ClientError> {
        let request = GetEditLogManifestRequestProto {
            jid: self.jid(),
            since_tx_id: since,
            in_progress_ok: Some(true),
            name_service_id: None,
        };
        self.call("getEditLogManifest", &request).await
    }

    /// What a standby is answered that asks for this many transactions.
    pub async fn edits(
        &self,
        since: u64,
        max_txns: u32,
    ) -> Result<GetJournaledEditsResponseProto, ClientError> {
        let (jid, since_tx_id) = (self.jid(), since);
        let request =
            GetJournaledEditsRequestProto { jid, since_tx_id, max_txns, name_service_id: None };
        self.call("getJournaledEdits", &request).await
    }

    async fn call<A: Required>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<A, ClientError> {
        self.client.call(method, request).await
    }

    fn jid(&self) -> JournalIdProto {
        JournalIdProto { identifier: self.journal.clone() }
    }

    fn info(&mut self) -> RequestInfoProto {
        self.serial += 1;
        RequestInfoProto {
            journal_id: self.jid(),
            epoch: self.epoch,
            ipc_serial_number: self.serial,
            committed_tx_id: None,
            name_service_id: None,
        }
    }
}

fn namespace() -> NamespaceInfoProto {
    NamespaceInfoProto {
        build_version: USER.to_owned(),
        unused: 0,
        block_pool_id: "BP-bench".to_owned(),
        storage_info: StorageInfoProto {
            layout_version: LayoutVersion::CURRENT.0 as u32,
            namespce_id: 12345,
            cluster_id: "CID-bench".to_owned(),
            c_time: 0,
        },
        software_version: "3.4.3".to_owned(),
        capabilities: None,
        state: None,
    }
}
