use std::net::SocketAddr;
use std::time::Duration;

use hadoop_ipc::conf::HostPort;
use hadoop_proto::inspect::v1::{JournalStatus, StatusResponse};
use journalnode::inspect::InspectClient;
use tokio::time::timeout;

use super::support::{ConfigDir, Node, RawConnection, Reply, requests};

/// Far above what anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(20);
pub const J: &str = "j";

/// A journalnode with a writer.
pub struct InspectedNode {
    pub config: ConfigDir,
    pub node: Node,
    writer: RawConnection,
    serial: u64,
}

impl InspectedNode {
    /// With these settings, and no journal.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let config = ConfigDir::new(settings);
        let node = Node::start(config.command());
        let writer = RawConnection::open(node.rpc);
        Self { config, node, writer, serial: 0 }
    }

    /// With the journal `j` of epoch 1.
    pub fn formatted(settings: &[(&str, &str)]) -> Self {
        let mut started = Self::start(settings);
        started.send("format", &requests::format(J, false));
        started.send("newEpoch", &requests::new_epoch(J, 1));
        started
    }

    pub fn address(&self) -> SocketAddr {
        self.node.inspect.unwrap()
    }

    pub async fn client(&self) -> InspectClient {
        InspectClient::connect(&host_port(self.address()), None).await.unwrap()
    }

    pub async fn status(&self) -> StatusResponse {
        self.client().await.status().await.unwrap()
    }

    /// What it says of `j`.
    pub async fn journal(&self) -> JournalStatus {
        let journals = self.status().await.journals;
        journals.into_iter().find(|journal| journal.journal == J).unwrap()
    }

    pub fn start_segment(&mut self, first: u64) {
        let request = requests::start_segment(self.info(None), first);
        self.send("startLogSegment", &request);
    }

    /// Writes `count` transactions, and says that those before them are committed.
    pub fn write(&mut self, segment: u64, first: u64, count: u32) {
        let info = self.info(Some(first - 1));
        self.send("journal", &requests::journal(info, segment, first, count));
    }

    /// Says what is committed, as an empty batch.
    pub fn commit(&mut self, segment: u64, committed: u64) {
        let info = self.info(Some(committed));
        self.send("journal", &requests::journal(info, segment, committed + 1, 0));
    }

    /// A finished segment.
    pub fn segment(&mut self, first: u64, last: u64) {
        self.start_segment(first);
        self.write(first, first, (last - first + 1) as u32);
        let info = self.info(Some(last));
        self.send("finalizeLogSegment", &requests::finalize(info, first, last));
    }

    pub fn send(&mut self, method: &str, request: &impl hadoop_proto::Message) {
        let reply = self.writer.call(method, request);
        assert!(matches!(reply, Reply::Success(_)), "{method}: {reply:?}");
    }

    fn info(&mut self, committed: Option<u64>) -> hadoop_proto::qjournal::RequestInfoProto {
        self.serial += 1;
        let committed_tx_id = committed.filter(|txid| *txid > 0);
        let info = requests::info(J, 1, self.serial);
        hadoop_proto::qjournal::RequestInfoProto { committed_tx_id, ..info }
    }
}

pub fn host_port(address: SocketAddr) -> HostPort {
    HostPort { host: address.ip().to_string(), port: address.port() }
}

/// Does not wait for ever.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("it does not come")
}
