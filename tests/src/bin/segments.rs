//! `scripts/bench segments`: what 100,000 finished segments in a journal's directory cost, ours
//! beside Java's.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hadoop_ipc::client::{Client, ClientError, ClientOptions, Target};
use hadoop_proto::hdfs::{NamespaceInfoProto, StorageInfoProto};
use hadoop_proto::qjournal::*;
use hadoop_proto::{Message, Required};
use journalnode::editlog::{encode_header, encode_op};
use journalnode::types::{LayoutVersion, SegmentFile, TxId};
use system_tests::bench::Samples;
use system_tests::hadoop::{JournalNode, JournalNodeKind, Site};
use system_tests::process::WorkDir;
use tokio::runtime::Runtime;

const SEGMENTS: u64 = 100_000;
/// Two series of five, for a control.
const DEFAULT_RUNS: usize = 10;
/// How often each request is timed in a run.
const REPETITIONS: usize = 20;
const JOURNAL: &str = "long";
const TXNS_PER_SEGMENT: u64 = 2;
/// `OP_START_LOG_SEGMENT`: the operation without a body.
const OP_CODE: u8 = 24;
const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
const RETRY_INTERVAL: Duration = Duration::from_millis(1);
const START_LIMIT: Duration = Duration::from_secs(120);

/// What is timed of one server on one directory.
#[derive(Default)]
struct Figures {
    first_answer: Samples,
    segment: Samples,
    manifest: Samples,
}

/// A server on a directory of its own.
struct Subject {
    node: JournalNode,
    next: u64,
    epoch: u64,
    figures: Figures,
}

fn main() -> Result<()> {
    let runs = match std::env::args().nth(1) {
        Some(text) => text.parse().context("RUNS must be a number")?,
        None => DEFAULT_RUNS,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    WorkDir::run("segments", |root| {
        let mut subjects = Vec::new();
        for kind in [JournalNodeKind::Java, JournalNodeKind::Rust] {
            for segments in [0, SEGMENTS] {
                subjects.push(Subject::prepare(&runtime, kind, segments, root)?);
            }
        }
        for run in 0..runs {
            eprintln!("run {} of {runs}", run + 1);
            for subject in &mut subjects {
                subject.measure(&runtime, run)?;
            }
        }
        print(&subjects);
        Ok(())
    });
    Ok(())
}

impl Subject {
    /// Formats a journal with this many finished segments.
    fn prepare(
        runtime: &Runtime,
        kind: JournalNodeKind,
        segments: u64,
        root: &Path,
    ) -> Result<Self> {
        let mut node = JournalNode::new(&format!("{kind}-{segments}"), kind, root)?;
        node.configure(&Site::new())?;
        node.start()?;
        let client = client(&node);
        runtime.block_on(format(&client))?;
        node.terminate()?;
        fill(&node.journal_dir(JOURNAL).current(), segments)?;
        let next = segments * TXNS_PER_SEGMENT + 1;
        Ok(Self { node, next, epoch: 0, figures: Figures::default() })
    }

    /// Starts it, asks what a NameNode asks, ends it.
    fn measure(&mut self, runtime: &Runtime, run: usize) -> Result<()> {
        let started = Instant::now();
        self.node.spawn()?;
        runtime.block_on(first_answer(&self.node))?;
        self.figures.first_answer.add(run, started.elapsed());
        let client = client(&self.node);
        self.epoch += 1;
        runtime.block_on(async {
            new_epoch(&client, self.epoch).await?;
            for repetition in 0..REPETITIONS as u64 {
                let time = write_segment(&client, self.epoch, repetition * 3, self.next).await?;
                self.figures.segment.add(run, time);
                self.next += TXNS_PER_SEGMENT;
                self.figures.manifest.add(run, manifest(&client, self.next - 1).await?);
            }
            anyhow::Ok(())
        })?;
        self.node.terminate()?;
        Ok(())
    }
}

/// Writes finished segments as a JournalNode leaves them.
fn fill(current: &Path, segments: u64) -> Result<()> {
    for index in 0..segments {
        let first = index * TXNS_PER_SEGMENT + 1;
        let last = first + TXNS_PER_SEGMENT - 1;
        let name = SegmentFile::finalized(TxId(first as i64), TxId(last as i64)).to_string();
        let header = encode_header(LayoutVersion::CURRENT);
        fs::write(current.join(name), [&header[..], &records(first)].concat())?;
    }
    Ok(())
}

fn records(first: u64) -> Vec<u8> {
    (first..first + TXNS_PER_SEGMENT)
        .flat_map(|txid| encode_op(OP_CODE, TxId(txid as i64), b""))
        .collect()
}

async fn first_answer(node: &JournalNode) -> Result<()> {
    let deadline = Instant::now() + START_LIMIT;
    let request = GetJournalStateRequestProto { jid: jid(), name_service_id: None };
    loop {
        let client = client(node);
        let answer: Result<GetJournalStateResponseProto, _> =
            call(&client, "getJournalState", &request).await;
        match answer {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => return Err(error.into()),
            Err(_) => tokio::time::sleep(RETRY_INTERVAL).await,
        }
    }
}

async fn format(client: &Client) -> Result<()> {
    let (jid, ns_info) = (jid(), namespace());
    let request = FormatRequestProto { jid, ns_info, name_service_id: None, force: Some(true) };
    let _: FormatResponseProto = call(client, "format", &request).await?;
    Ok(())
}

async fn new_epoch(client: &Client, epoch: u64) -> Result<()> {
    let (jid, ns_info) = (jid(), namespace());
    let request = NewEpochRequestProto { jid, ns_info, epoch, name_service_id: None };
    let _: NewEpochResponseProto = call(client, "newEpoch", &request).await?;
    Ok(())
}

/// The time of startLogSegment and finalizeLogSegment together.
async fn write_segment(client: &Client, epoch: u64, serial: u64, first: u64) -> Result<Duration> {
    let last = first + TXNS_PER_SEGMENT - 1;
    let layout_version = Some(LayoutVersion::CURRENT.0);
    let req_info = info(epoch, serial);
    let start = StartLogSegmentRequestProto { req_info, txid: first, layout_version };
    let batch = JournalRequestProto {
        req_info: info(epoch, serial + 1),
        first_txn_id: first,
        num_txns: TXNS_PER_SEGMENT as u32,
        records: records(first).into(),
        segment_txn_id: first,
        name_service_id: None,
    };
    let req_info = info(epoch, serial + 2);
    let end = FinalizeLogSegmentRequestProto { req_info, start_tx_id: first, end_tx_id: last };

    let begun = Instant::now();
    let _: StartLogSegmentResponseProto = call(client, "startLogSegment", &start).await?;
    let started = begun.elapsed();
    let _: JournalResponseProto = call(client, "journal", &batch).await?;
    let begun = Instant::now();
    let _: FinalizeLogSegmentResponseProto = call(client, "finalizeLogSegment", &end).await?;
    Ok(started + begun.elapsed())
}

async fn manifest(client: &Client, since: u64) -> Result<Duration> {
    let request = GetEditLogManifestRequestProto {
        jid: jid(),
        since_tx_id: since,
        in_progress_ok: Some(true),
        name_service_id: None,
    };
    let begun = Instant::now();
    let answer: GetEditLogManifestResponseProto =
        call(client, "getEditLogManifest", &request).await?;
    let time = begun.elapsed();
    anyhow::ensure!(answer.manifest.logs.len() == 1, "{:?}", answer.manifest.logs);
    Ok(time)
}

async fn call<A: Required>(
    client: &Client,
    method: &str,
    request: &impl Message,
) -> Result<A, ClientError> {
    client.call(method, request).await
}

fn client(node: &JournalNode) -> Client {
    let address = node.rpc_address();
    let target = Target::new(address.ip().to_string(), address.port());
    Client::new(target, ClientOptions::new(PROTOCOL, 1, Some("segments".to_owned())))
}

fn jid() -> JournalIdProto {
    JournalIdProto { identifier: JOURNAL.to_owned() }
}

fn info(epoch: u64, serial: u64) -> RequestInfoProto {
    RequestInfoProto {
        journal_id: jid(),
        epoch,
        ipc_serial_number: serial,
        committed_tx_id: None,
        name_service_id: None,
    }
}

fn namespace() -> NamespaceInfoProto {
    NamespaceInfoProto {
        build_version: "bench".to_owned(),
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

/// What a row of the table is about.
type Row = fn(&Figures) -> &Samples;

fn print(subjects: &[Subject]) {
    println!("Medians in ms. \"noise\": factor between two alternating series of the same server.");
    let title = "with 100,000 it is";
    println!(
        "{:26}{:8}{:>10}{:>10}{:>10}{:>8}  {title}",
        "", "", "empty", "100,000", "ratio", "noise"
    );
    let rows: [(&str, Row); 3] = [
        ("exec to getJournalState", |figures| &figures.first_answer),
        ("start + finalize segment", |figures| &figures.segment),
        ("manifest near the end", |figures| &figures.manifest),
    ];
    for (name, of) in rows {
        for pair in subjects.chunks(2) {
            let [empty, long] = pair else { continue };
            let kind = empty.node.kind().to_string();
            let (empty, long) = (of(&empty.figures), of(&long.figures));
            println!(
                "{name:26}{kind:8}{:>10.3}{:>10.3}{:>10.2}{:>8.2}  {}",
                empty.median() * 1e3,
                long.median() * 1e3,
                long.median() / empty.median(),
                empty.noise().max(long.noise()),
                empty.compare(long),
            );
        }
    }
}
