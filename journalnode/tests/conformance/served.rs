use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_ipc::conf::{Configuration, Environment, GenericOptions};
use hadoop_proto::qjournal::*;
use hadoop_proto::{Message, Required};
use journalnode::daemon::{Daemon, Exit};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::support::{Q_JOURNAL, requests};

pub const J: &str = "j";
pub const NOT_FORMATTED: &str =
    "org.apache.hadoop.hdfs.qjournal.protocol.JournalNotFormattedException";
pub const OUT_OF_SYNC: &str = "org.apache.hadoop.hdfs.qjournal.protocol.JournalOutOfSyncException";
pub const IO: &str = "java.io.IOException";
pub const ILLEGAL_STATE: &str = "java.lang.IllegalStateException";
pub const ILLEGAL_ARGUMENT: &str = "java.lang.IllegalArgumentException";
pub const ASSERTION: &str = "java.lang.AssertionError";
pub const INCONSISTENT: &str = "org.apache.hadoop.hdfs.server.common.InconsistentFSStateException";

/// A daemon in this process, a client of it, and the journal `j` from the view of its writer.
pub struct Served {
    directory: TempDir,
    settings: Vec<(String, String)>,
    running: Option<Running>,
    epoch: Cell<u64>,
    serial: Cell<u64>,
}

struct Running {
    client: Client,
    http_port: u16,
    stop: oneshot::Sender<Exit>,
    serving: JoinHandle<Exit>,
}

impl Served {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With these settings besides.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let directory = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        let edits = directory.path().join("edits");
        let own = [
            ("dfs.journalnode.edits.dir", edits.to_str().unwrap()),
            ("dfs.journalnode.rpc-address", "127.0.0.1:0"),
            ("dfs.journalnode.http-address", "127.0.0.1:0"),
        ];
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let settings = own.iter().chain(settings).map(owned).collect();
        let (epoch, serial) = (Cell::new(1), Cell::new(0));
        let mut served = Self { directory, settings, running: None, epoch, serial };
        served.run().await;
        served
    }

    /// With `j` formatted, and epoch 1 promised.
    pub async fn with_writer() -> Self {
        Self::with_writer_and(&[]).await
    }

    pub async fn with_writer_and(settings: &[(&str, &str)]) -> Self {
        let served = Self::start_with(settings).await;
        served.format().await;
        served.new_epoch(1).await.unwrap();
        served
    }

    pub async fn format(&self) {
        self.call::<FormatResponseProto>("format", &requests::format(J, false)).await.unwrap();
    }

    /// Stops the daemon in order and starts it on the same directory.
    pub async fn restart(&mut self) {
        let running = self.running.take().unwrap();
        running.stop.send(Exit::Terminated).unwrap();
        running.serving.await.unwrap();
        self.run().await;
    }

    async fn run(&mut self) {
        let daemon = Daemon::start(self.configuration(), Arc::default()).await.unwrap();
        let (rpc, http) = (daemon.rpc_address(), daemon.http_address());
        let (stop, stopped) = oneshot::channel();
        let serving =
            tokio::spawn(daemon.serve(async { stopped.await.unwrap_or(Exit::Terminated) }));
        let options = ClientOptions::new(Q_JOURNAL, 1, Some("hdfs".to_owned()));
        let client = Client::new(Target::new("127.0.0.1", rpc.port()), options);
        self.running = Some(Running { client, http_port: http.port(), stop, serving });
    }

    fn configuration(&self) -> Configuration {
        let set = |(key, value): &(String, String)| ["-D".to_owned(), format!("{key}={value}")];
        let options = self.settings.iter().flat_map(set);
        GenericOptions::parse(options).unwrap().load(Environment::empty()).unwrap()
    }

    pub fn client(&self) -> &Client {
        &self.running.as_ref().unwrap().client
    }

    pub fn http_port(&self) -> u16 {
        self.running.as_ref().unwrap().http_port
    }

    pub async fn call<R: Required>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<R, ClientError> {
        self.client().call(method, request).await
    }

    pub fn edits(&self) -> PathBuf {
        self.directory.path().join("edits")
    }

    /// A file of `j/current`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.edits().join(J).join("current").join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap()
    }

    /// The names in `j/current`, without the small files that are always there.
    pub fn segments(&self) -> Vec<String> {
        names(&self.file("")).into_iter().filter(|name| name.starts_with("edits")).collect()
    }

    /// What the current epoch's writer says of itself, with the next serial number.
    pub fn info(&self) -> RequestInfoProto {
        let serial = self.serial.get();
        self.serial.set(serial + 1);
        requests::info(J, self.epoch.get(), serial)
    }

    /// The same, with the transaction that it knows to be committed.
    pub fn info_committed(&self, txid: u64) -> RequestInfoProto {
        RequestInfoProto { committed_tx_id: Some(txid), ..self.info() }
    }

    /// Becomes the writer of this epoch.
    pub async fn new_epoch(&self, epoch: u64) -> Result<Option<u64>, ClientError> {
        let answer: NewEpochResponseProto =
            self.call("newEpoch", &requests::new_epoch(J, epoch)).await?;
        self.epoch.set(epoch);
        self.serial.set(0);
        Ok(answer.last_segment_tx_id)
    }

    pub async fn start_segment(&self, txid: u64) -> Result<(), ClientError> {
        let request = requests::start_segment(self.info(), txid);
        self.call::<StartLogSegmentResponseProto>("startLogSegment", &request).await.map(drop)
    }

    /// Writes `count` transactions from `first` on into the segment.
    pub async fn write(&self, segment: u64, first: u64, count: u32) -> Result<(), ClientError> {
        self.journal(&requests::journal(self.info(), segment, first, count)).await
    }

    pub async fn journal(&self, request: &JournalRequestProto) -> Result<(), ClientError> {
        self.call::<JournalResponseProto>("journal", request).await.map(drop)
    }

    pub async fn heartbeat(&self, req_info: RequestInfoProto) -> Result<(), ClientError> {
        let request = HeartbeatRequestProto { req_info };
        self.call::<HeartbeatResponseProto>("heartbeat", &request).await.map(drop)
    }

    pub async fn finalize(&self, start: u64, end: u64) -> Result<(), ClientError> {
        let request = requests::finalize(self.info(), start, end);
        self.call::<FinalizeLogSegmentResponseProto>("finalizeLogSegment", &request).await.map(drop)
    }

    /// A finalized segment of these transactions.
    pub async fn segment(&self, first: u64, last: u64) {
        self.start_segment(first).await.unwrap();
        self.write(first, first, (last - first + 1) as u32).await.unwrap();
        self.finalize(first, last).await.unwrap();
    }

    pub async fn prepare(&self, segment: u64) -> Result<PrepareRecoveryResponseProto, ClientError> {
        self.call("prepareRecovery", &requests::prepare(self.info(), segment)).await
    }

    pub async fn accept(&self, range: (u64, u64), url: &str) -> Result<(), ClientError> {
        let request = requests::accept(self.info(), range, url);
        self.call::<AcceptRecoveryResponseProto>("acceptRecovery", &request).await.map(drop)
    }

    pub async fn purge(&self, min_to_keep: u64) {
        let request =
            PurgeLogsRequestProto { req_info: self.info(), min_tx_id_to_keep: min_to_keep };
        self.call::<PurgeLogsResponseProto>("purgeLogs", &request).await.unwrap();
    }

    pub async fn promised(&self) -> u64 {
        let request = requests::journal_state(J);
        let state: GetJournalStateResponseProto =
            self.call("getJournalState", &request).await.unwrap();
        state.last_promised_epoch
    }
}

pub fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Insists on this class and this text.
#[track_caller]
pub fn assert_refused<R: std::fmt::Debug>(answer: Result<R, ClientError>, class: &str, text: &str) {
    match answer {
        Err(ClientError::Remote(error)) => {
            let exception = error.exception;
            assert_eq!(exception.class, class, "{}", exception.message);
            assert!(exception.message.contains(text), "no {text:?} in {:?}", exception.message);
        }
        other => panic!("{other:?} instead of {class}"),
    }
}

pub fn in_progress(first: u64) -> String {
    format!("edits_inprogress_{first:019}")
}

pub fn finalized(first: u64, last: u64) -> String {
    format!("edits_{first:019}-{last:019}")
}
