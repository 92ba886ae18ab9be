use std::time::Duration;

use futures_util::future::join_all;
use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_ipc::conf::HostPort;
use hadoop_proto::qjournal::{
    GetEditLogManifestRequestProto, GetEditLogManifestResponseProto, GetJournalStateRequestProto,
    GetJournalStateResponseProto, IsFormattedRequestProto, IsFormattedResponseProto,
    JournalIdProto,
};
use tokio::time::sleep;

use super::{Answer, NodeState, NodeView, Quorum, QuorumView, jmx};
use crate::types::{Epoch, TxId};

const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// A node that is in step gets what is committed within this.
const SECOND_LOOK: Duration = Duration::from_millis(500);

/// Asks all JournalNodes of a journal, side by side, as this user.
pub(super) async fn look(quorum: &Quorum, user: Option<&str>) -> QuorumView {
    let probes: Vec<_> =
        quorum.uri.journal_nodes.iter().map(|node| Probe::new(quorum, node, user)).collect();
    let mut nodes = join_all(probes.iter().map(Probe::view)).await;
    let committed = QuorumView::committed_of(&nodes);
    look_again(&probes, &mut nodes, committed).await;
    QuorumView { quorum: quorum.clone(), committed, nodes }
}

/// Answers come one after the other while a writer goes on. Whoever lacks something gets the
/// time to have received it.
async fn look_again(probes: &[Probe<'_>], nodes: &mut [NodeView], committed: Option<TxId>) {
    let is_behind = |node: &NodeView| matches!(node.state(committed), NodeState::Behind { .. });
    if !nodes.iter().any(is_behind) {
        return;
    }
    sleep(SECOND_LOOK).await;
    let behind = probes.iter().zip(nodes).filter(|(_, node)| is_behind(node));
    join_all(behind.map(async |(probe, node)| *node = probe.view().await)).await;
}

struct Probe<'a> {
    quorum: &'a Quorum,
    address: &'a HostPort,
    client: Client,
}

impl<'a> Probe<'a> {
    fn new(quorum: &'a Quorum, address: &'a HostPort, user: Option<&str>) -> Self {
        let options = ClientOptions {
            connect_timeout: PATIENCE,
            call_timeout: PATIENCE,
            ..ClientOptions::new(PROTOCOL, 1, user.map(str::to_owned))
        };
        let client = Client::new(Target::new(&address.host, address.port), options);
        Self { quorum, address, client }
    }

    async fn view(&self) -> NodeView {
        let answer = self.answer().await.map_err(|error| reason(&error));
        NodeView { address: self.address.clone(), answer }
    }

    fn jid(&self) -> JournalIdProto {
        JournalIdProto { identifier: self.quorum.uri.journal_id.clone() }
    }

    async fn answer(&self) -> Result<Answer, ClientError> {
        let name_service_id = self.quorum.nameservice.clone();
        let request = IsFormattedRequestProto { jid: self.jid(), name_service_id };
        let formatted: IsFormattedResponseProto = self.client.call("isFormatted", &request).await?;
        if !formatted.is_formatted {
            return Ok(Answer::not_formatted());
        }
        let state = self.state().await?;
        let http = self.http(&state);
        let jmx = jmx::read(&http, &self.quorum.uri.journal_id, PATIENCE).await;
        // Old segments are many, and not asked for.
        let since = jmx.as_ref().ok().and_then(|figures| figures.last_written);
        let answer = Answer {
            formatted: true,
            promised_epoch: Some(Epoch(state.last_promised_epoch as i64)),
            http: Some(http),
            jmx,
            ..Answer::not_formatted()
        };
        Ok(with_manifest(answer, &self.manifest(since).await?))
    }

    async fn state(&self) -> Result<GetJournalStateResponseProto, ClientError> {
        let name_service_id = self.quorum.nameservice.clone();
        let request = GetJournalStateRequestProto { jid: self.jid(), name_service_id };
        self.client.call("getJournalState", &request).await
    }

    async fn manifest(
        &self,
        since: Option<TxId>,
    ) -> Result<GetEditLogManifestResponseProto, ClientError> {
        let request = GetEditLogManifestRequestProto {
            jid: self.jid(),
            since_tx_id: since.map_or(0, |txid| txid.0.max(0) as u64),
            in_progress_ok: Some(true),
            name_service_id: self.quorum.nameservice.clone(),
        };
        self.client.call("getEditLogManifest", &request).await
    }

    /// Scheme and port as the node says, on the host that the configuration has: a node often
    /// knows itself only as 0.0.0.0 (`QuorumJournalManager`, `IPCLoggerChannel`).
    fn http(&self, state: &GetJournalStateResponseProto) -> String {
        let own = state.from_url.as_deref().and_then(|text| url::Url::parse(text).ok());
        let scheme = own.as_ref().map_or("http", url::Url::scheme);
        let port = own.as_ref().and_then(url::Url::port_or_known_default);
        let port = port.unwrap_or(state.http_port as u16);
        format!("{scheme}://{}", HostPort { host: self.address.host.clone(), port })
    }
}

fn with_manifest(answer: Answer, response: &GetEditLogManifestResponseProto) -> Answer {
    let logs = &response.manifest.logs;
    let committed = response.manifest.committed_txn_id.and_then(TxId::from_wire);
    let last = logs.iter().filter_map(|log| TxId::from_wire(log.end_tx_id)).max();
    let written = answer.jmx.as_ref().ok().and_then(|figures| figures.last_written);
    Answer {
        segment: logs.iter().filter_map(|log| TxId::from_wire(log.start_tx_id)).max(),
        last: last.max(written.filter(|txid| *txid > TxId(0))),
        // A journal without a committed transaction says 0.
        committed: committed.filter(|txid| *txid > TxId(0)),
        ..answer
    }
}

fn reason(error: &ClientError) -> String {
    match error {
        ClientError::Connect { source, .. } => format!("cannot connect: {source}"),
        ClientError::Timeout { after, .. } => format!("no answer within {after:?}"),
        other => other.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}
