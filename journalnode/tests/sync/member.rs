use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_ipc::conf::{Environment, GenericOptions};
use hadoop_proto::qjournal::*;
use hadoop_proto::{Message, Required};
use journalnode::daemon::{Daemon, Exit};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::support::{Q_JOURNAL, requests};

pub const J: &str = "j";

/// Every node has a loopback address of its own: a port that was free a moment ago may be
/// taken by any connection.
pub const PORT: u16 = 8485;
static NODES: AtomicU8 = AtomicU8::new(1);

/// One daemon of a quorum, from the view of a writer.
pub struct Member {
    pub host: String,
    directory: TempDir,
    settings: Vec<String>,
    running: Option<Running>,
    serial: Cell<u64>,
}

struct Running {
    client: Client,
    stop: oneshot::Sender<Exit>,
    serving: JoinHandle<Exit>,
}

impl Member {
    /// Takes an address; nothing runs.
    pub fn new() -> Self {
        let (pid, node) = (std::process::id(), NODES.fetch_add(1, Relaxed));
        let host = format!("127.{}.{}.{node}", 64 + (pid >> 8) % 128, pid % 256);
        let directory = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        Self { host, directory, settings: Vec::new(), running: None, serial: Cell::new(0) }
    }

    /// What the next start reads besides its addresses and directory.
    pub fn configure(&mut self, settings: Vec<String>) {
        self.settings = settings;
    }

    pub async fn start(&mut self) {
        let own = [
            format!("dfs.journalnode.edits.dir={}", self.directory.path().join("edits").display()),
            format!("dfs.journalnode.rpc-address={}:{PORT}", self.host),
            format!("dfs.journalnode.http-address={}:0", self.host),
            "dfs.journalnode.inspect-address=off".to_owned(),
        ];
        let arguments = own.iter().chain(&self.settings);
        let arguments = arguments.flat_map(|setting| ["-D".to_owned(), setting.clone()]);
        let conf = GenericOptions::parse(arguments).unwrap().load(Environment::empty()).unwrap();
        let daemon = Daemon::start(conf, Arc::default()).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving =
            tokio::spawn(daemon.serve(async { stopped.await.unwrap_or(Exit::Terminated) }));
        let options = ClientOptions::new(Q_JOURNAL, 1, Some("hdfs".to_owned()));
        let client = Client::new(Target::new(self.host.clone(), PORT), options);
        self.running = Some(Running { client, stop, serving });
    }

    pub async fn stop(&mut self) {
        let running = self.running.take().unwrap();
        running.stop.send(Exit::Terminated).unwrap();
        running.serving.await.unwrap();
    }

    /// Loses everything on disk. Must not be running.
    pub fn wipe(&self) {
        assert!(self.running.is_none());
        fs::remove_dir_all(self.directory.path().join("edits")).unwrap();
    }

    pub fn root(&self) -> PathBuf {
        self.directory.path().join("edits").join(J)
    }

    /// Names of the edits files.
    pub fn edits(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root().join("current")) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.starts_with("edits_")).collect();
        names.sort();
        names
    }

    pub async fn call<R: Required>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<R, ClientError> {
        self.running.as_ref().unwrap().client.call(method, request).await
    }

    pub async fn format(&self) {
        self.call::<FormatResponseProto>("format", &requests::format(J, false)).await.unwrap();
    }

    pub async fn is_formatted(&self) -> bool {
        let answer = self.call("isFormatted", &requests::is_formatted(J)).await;
        answer.map(|answer: IsFormattedResponseProto| answer.is_formatted).unwrap()
    }

    pub async fn promised(&self) -> u64 {
        let answer = self.call("getJournalState", &requests::journal_state(J)).await;
        answer.map(|state: GetJournalStateResponseProto| state.last_promised_epoch).unwrap()
    }

    pub async fn new_epoch(&self, epoch: u64) -> Result<(), ClientError> {
        let answer = self.call("newEpoch", &requests::new_epoch(J, epoch)).await;
        answer.map(|_: NewEpochResponseProto| ())
    }

    /// A request of a writer that knows `committed` to be on a quorum.
    fn info(&self, epoch: u64, committed: Option<u64>) -> RequestInfoProto {
        self.serial.set(self.serial.get() + 1);
        let info = requests::info(J, epoch, self.serial.get());
        RequestInfoProto { committed_tx_id: committed, ..info }
    }

    pub async fn start_segment(&self, epoch: u64, first: u64) -> Result<(), ClientError> {
        let request = requests::start_segment(self.info(epoch, None), first);
        let answer = self.call("startLogSegment", &request).await;
        answer.map(|_: StartLogSegmentResponseProto| ())
    }

    pub async fn journal(
        &self,
        epoch: u64,
        segment: u64,
        first: u64,
        count: u32,
    ) -> Result<(), ClientError> {
        let request = requests::journal(self.info(epoch, None), segment, first, count);
        let answer = self.call("journal", &request).await;
        answer.map(|_: JournalResponseProto| ())
    }

    pub async fn finalize(&self, epoch: u64, first: u64, last: u64) -> Result<(), ClientError> {
        let request = requests::finalize(self.info(epoch, None), first, last);
        let answer = self.call("finalizeLogSegment", &request).await;
        answer.map(|_: FinalizeLogSegmentResponseProto| ())
    }

    pub async fn heartbeat(&self, epoch: u64, committed: Option<u64>) -> Result<(), ClientError> {
        let request = HeartbeatRequestProto { req_info: self.info(epoch, committed) };
        let answer = self.call("heartbeat", &request).await;
        answer.map(|_: HeartbeatResponseProto| ())
    }

    /// A whole segment, written, finished and known to be committed.
    pub async fn write_segment(&self, epoch: u64, first: u64, last: u64) {
        self.start_segment(epoch, first).await.unwrap();
        self.journal(epoch, first, first, (last - first + 1) as u32).await.unwrap();
        self.finalize(epoch, first, last).await.unwrap();
        self.heartbeat(epoch, Some(last)).await.unwrap();
    }

    pub fn segment_file(&self, name: &str) -> Vec<u8> {
        fs::read(self.root().join("current").join(name)).unwrap()
    }
}
