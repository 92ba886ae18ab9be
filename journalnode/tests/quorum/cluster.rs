use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hadoop_ipc::client::{Client, ClientOptions, Target};
use hadoop_ipc::conf::{Configuration, Environment, GenericOptions};
use hadoop_proto::qjournal::*;
use hadoop_proto::{Bytes, Message, Required};
use journalnode::daemon::{Daemon, Exit};
use journalnode::quorum::*;
use journalnode::types::{JournalId, LayoutVersion, StorageInfo, TxId};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::support::{Q_JOURNAL, requests};

pub const J: &str = "j";
/// Far above what anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Daemons in this process, each with a directory of its own, that keep the journal `j`.
pub struct Cluster {
    nodes: Vec<Node>,
    settings: Vec<(String, String)>,
}

struct Node {
    directory: TempDir,
    ports: [u16; 2],
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<Exit>,
    serving: JoinHandle<Exit>,
}

impl Cluster {
    /// Three nodes, with `j` formatted.
    pub async fn formatted() -> Self {
        Self::formatted_with(&[]).await
    }

    /// With these settings besides.
    pub async fn formatted_with(settings: &[(&str, &str)]) -> Self {
        let cluster = Self::start(settings).await;
        cluster.admin().format_all(false).await.unwrap();
        cluster
    }

    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let settings = settings.iter().map(owned).collect();
        let directory = || TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        let node = || Node { directory: directory(), ports: [0; 2], running: None };
        let mut cluster = Self { nodes: (0..3).map(|_| node()).collect(), settings };
        for index in 0..3 {
            cluster.run(index).await;
        }
        cluster
    }

    /// Starts a node on the ports that it had, if it had some.
    pub async fn run(&mut self, index: usize) {
        let configuration = self.configuration(index);
        let daemon = Daemon::start(configuration, Arc::default()).await.unwrap();
        let ports = [daemon.rpc_address().port(), daemon.http_address().port()];
        let (stop, stopped) = oneshot::channel();
        let serving =
            tokio::spawn(daemon.serve(async { stopped.await.unwrap_or(Exit::Terminated) }));
        self.nodes[index].ports = ports;
        self.nodes[index].running = Some(Running { stop, serving });
    }

    pub async fn stop(&mut self, index: usize) {
        let running = self.nodes[index].running.take().unwrap();
        running.stop.send(Exit::Terminated).unwrap();
        running.serving.await.unwrap();
    }

    fn configuration(&self, index: usize) -> Configuration {
        let Node { ports: [rpc, http], .. } = self.nodes[index];
        let edits = self.edits(index).display().to_string();
        let own = [
            ("dfs.journalnode.edits.dir".to_owned(), edits),
            ("dfs.journalnode.rpc-address".to_owned(), format!("127.0.0.1:{rpc}")),
            ("dfs.journalnode.http-address".to_owned(), format!("127.0.0.1:{http}")),
            ("dfs.journalnode.inspect-address".to_owned(), "off".to_owned()),
        ];
        let set = |(key, value): &(String, String)| ["-D".to_owned(), format!("{key}={value}")];
        let options = own.iter().chain(&self.settings).flat_map(set);
        GenericOptions::parse(options).unwrap().load(Environment::empty()).unwrap()
    }

    fn edits(&self, index: usize) -> PathBuf {
        self.nodes[index].directory.path().join("edits")
    }

    pub fn targets(&self) -> Vec<Target> {
        self.nodes.iter().map(|node| Target::new("127.0.0.1", node.ports[0])).collect()
    }

    pub fn admin(&self) -> QuorumAdmin {
        QuorumAdmin::new(&journal(), &self.targets(), &namespace(), options())
    }

    pub fn reader(&self) -> QuorumReader {
        QuorumReader::new(&journal(), &self.targets(), &namespace(), options())
    }

    pub async fn writer(&self) -> QuorumWriter {
        self.try_writer(options()).await.unwrap()
    }

    pub async fn try_writer(&self, options: QuorumOptions) -> Result<QuorumWriter, QuorumError> {
        QuorumWriter::open(&journal(), &self.targets(), &namespace(), options).await
    }

    /// The names of the segments of a node.
    pub fn segments(&self, index: usize) -> Vec<String> {
        let entries = std::fs::read_dir(self.edits(index).join(J).join("current")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("edits")).collect();
        names.sort();
        names
    }

    /// Insists that a segment of a node holds these transactions, and padding at most.
    #[track_caller]
    pub fn assert_holds(&self, index: usize, segment: &str, first: i64, last: i64) {
        let path = self.edits(index).join(J).join("current").join(segment);
        let (bytes, expected) = (std::fs::read(path).unwrap(), file(first, last));
        let (content, padding) = bytes.split_at(expected.len().min(bytes.len()));
        assert_eq!(content, expected);
        assert!(padding.iter().all(|byte| *byte == 0xFF), "more than {first}-{last}");
    }

    /// Damages the middle of a segment of a node.
    pub fn flip_a_bit(&self, index: usize, segment: &str) {
        let path = self.edits(index).join(J).join("current").join(segment);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }

    /// A request past the quorum client, to one node.
    pub async fn call<R: Required>(
        &self,
        index: usize,
        method: &str,
        request: &impl Message,
    ) -> Result<R, hadoop_ipc::client::ClientError> {
        let options = ClientOptions::new(Q_JOURNAL, 1, Some("hdfs".to_owned()));
        Client::new(self.targets()[index].clone(), options).call(method, request).await
    }
}

pub fn journal() -> JournalId {
    JournalId::new(J).unwrap()
}

pub fn namespace() -> NamespaceInfo {
    NamespaceInfo::of_storage(StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: requests::NAMESPACE_ID as i32,
        cluster_id: requests::CLUSTER_ID.to_owned(),
        c_time: 0,
    })
}

/// A node that is down is down: nothing here comes back while a call waits for it.
pub fn options() -> QuorumOptions {
    QuorumOptions { user: Some("hdfs".to_owned()), connect_retries: 0, ..Default::default() }
}

pub fn records(first: i64, count: u32) -> Bytes {
    requests::records(first as u64, count)
}

/// Appends `first` to `last` as one batch.
pub async fn write(writer: &mut QuorumWriter, first: i64, last: i64) -> Result<(), QuorumError> {
    let count = (last - first + 1) as u32;
    writer.write(TxId(first), count, records(first, count)).await
}

/// A finalized segment.
pub async fn segment(writer: &mut QuorumWriter, first: i64, last: i64) {
    writer.start_segment(TxId(first)).await.unwrap();
    write(writer, first, last).await.unwrap();
    writer.finalize(TxId(first), TxId(last)).await.unwrap();
}

pub async fn settle(writer: &mut QuorumWriter) {
    assert!(writer.settle(PATIENCE).await, "a node does not answer: {:?}", writer.status());
}

/// The bytes of a segment file.
fn file(first: i64, last: i64) -> Vec<u8> {
    let header = [0xff, 0xff, 0xff, 0xbd, 0, 0, 0, 0];
    [&header[..], &records(first, (last - first + 1) as u32)].concat()
}

pub fn finalized(first: i64, last: i64) -> String {
    format!("edits_{first:019}-{last:019}")
}

pub fn in_progress(first: i64) -> String {
    format!("edits_inprogress_{first:019}")
}

/// A write of an old writer that reached one node only.
pub fn journal_request(
    epoch: i64,
    serial: u64,
    segment: u64,
    first: u64,
    count: u32,
) -> JournalRequestProto {
    requests::journal(requests::info(J, epoch as u64, serial), segment, first, count)
}
