//! Our quorum client beside Hadoop's, on the same JournalNodes: each recovers what the other left
//! and reads all of it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hadoop_ipc::client::Target;
use journalnode::editlog::encode_op;
use journalnode::quorum::{NamespaceInfo, QuorumAdmin, QuorumOptions, QuorumReader, QuorumWriter};
use journalnode::types::{Epoch, JournalId, LayoutVersion, StorageInfo, TxId};
use system_tests::hadoop::{HdfsClient, JournalNode, Site};
use system_tests::process::Launcher;
use tokio::runtime::Runtime;

use crate::kinds::{Kinds, with_kinds};

const JOURNAL: &str = "shared";
const NAMESPACE_ID: i32 = 12345;
const CLUSTER_ID: &str = "CID-quorum";
/// `OP_START_LOG_SEGMENT`: the operation without a body.
const OP_CODE: u8 = 24;
/// How long the slowest node may take to answer all it was asked.
const SETTLE_LIMIT: Duration = Duration::from_secs(30);

with_kinds!(scenario, three_java, two_rust_one_java, one_rust_two_java);

fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let mut pair = Pair::start(root, kinds)?;
    pair.ours_writes()?;
    pair.javas_reads(13)?;
    let uri = pair.uri();
    let id = NAMESPACE_ID.to_string();
    pair.java.call(&["qjm-write", &uri, &id, CLUSTER_ID, "14", "4"])?;
    pair.ours_recovers_and_reads()?;
    pair.ours_loses_a_node_and_dies()?;
    pair.javas_reads(22)?;
    pair.nodes[0].start()?;
    let reader = pair.reader()?;
    ensure!(pair.runtime.block_on(read_all(&reader))? == 22, "ours does not read all");
    Ok(())
}

/// Both clients, and the nodes between them.
struct Pair {
    nodes: Vec<JournalNode>,
    java: HdfsClient,
    runtime: Runtime,
}

impl Pair {
    fn start(root: &Path, kinds: Kinds) -> Result<Self> {
        let mut nodes = Vec::new();
        for (index, kind) in kinds.into_iter().enumerate() {
            let mut node = JournalNode::new(&format!("jn{}", index + 1), kind, root)?;
            node.configure(&Site::new())?;
            node.start()?;
            nodes.push(node);
        }
        let conf = root.join("client-conf");
        Site::new().write(&conf)?;
        let java = HdfsClient::start(&Launcher::here(), &conf, &root.join("client.log"))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        Ok(Self { nodes, java, runtime })
    }

    /// Two finished segments, and a third left open.
    fn ours_writes(&self) -> Result<()> {
        let admin = QuorumAdmin::new(&journal()?, &self.targets(), &namespace(), options());
        self.runtime.block_on(async {
            admin.format_all(false).await?;
            let mut writer = self.writer().await?;
            ensure!(writer.epoch() == Epoch(1), "epoch {}", writer.epoch());
            segment(&mut writer, 1, 5).await?;
            segment(&mut writer, 6, 10).await?;
            writer.start_segment(TxId(11)).await?;
            write(&mut writer, 11, 11).await?;
            write(&mut writer, 12, 13).await?;
            ensure!(writer.settle(SETTLE_LIMIT).await, "{:?}", writer.status());
            Ok(())
        })
    }

    fn javas_reads(&self, last: i64) -> Result<()> {
        let id = NAMESPACE_ID.to_string();
        let said = self.java.call(&["qjm-recover", &self.uri(), &id, CLUSTER_ID])?;
        ensure!(said == format!("{last} {last}"), "Java reads {said} instead of {last}");
        Ok(())
    }

    /// Java's writer left 14 to 17 in progress.
    fn ours_recovers_and_reads(&self) -> Result<()> {
        let reader = self.reader()?;
        self.runtime.block_on(async {
            let mut writer = self.writer().await?;
            ensure!(writer.epoch() == Epoch(4), "epoch {}", writer.epoch());
            ensure!(writer.next_txid() == Some(TxId(18)), "{:?}", writer.next_txid());
            segment(&mut writer, 18, 20).await?;
            ensure!(writer.settle(SETTLE_LIMIT).await, "{:?}", writer.status());
            let last = read_all(&reader).await?;
            ensure!(last == 20, "ours reads {last} transactions");
            Ok(())
        })
    }

    fn ours_loses_a_node_and_dies(&mut self) -> Result<()> {
        let mut writer = self.runtime.block_on(self.writer())?;
        self.runtime.block_on(writer.start_segment(TxId(21)))?;
        self.nodes[0].kill()?;
        self.runtime.block_on(write(&mut writer, 21, 22))
    }

    async fn writer(&self) -> Result<QuorumWriter> {
        Ok(QuorumWriter::open(&journal()?, &self.targets(), &namespace(), options()).await?)
    }

    fn reader(&self) -> Result<QuorumReader> {
        Ok(QuorumReader::new(&journal()?, &self.targets(), &namespace(), options()))
    }

    fn targets(&self) -> Vec<Target> {
        let addresses = self.nodes.iter().map(JournalNode::rpc_address);
        addresses.map(|address| Target::new(address.ip().to_string(), address.port())).collect()
    }

    fn uri(&self) -> String {
        let addresses: Vec<_> = self.targets().iter().map(Target::to_string).collect();
        format!("qjournal://{}/{JOURNAL}", addresses.join(";"))
    }
}

async fn segment(writer: &mut QuorumWriter, first: i64, last: i64) -> Result<()> {
    writer.start_segment(TxId(first)).await?;
    write(writer, first, last).await?;
    Ok(writer.finalize(TxId(first), TxId(last)).await?)
}

async fn write(writer: &mut QuorumWriter, first: i64, last: i64) -> Result<()> {
    let records = (first..=last).flat_map(|txid| encode_op(OP_CODE, TxId(txid), &[]));
    let count = u32::try_from(last - first + 1).context("count")?;
    Ok(writer.write(TxId(first), count, records.collect::<Vec<_>>().into()).await?)
}

/// How many transactions there are from 1 on.
async fn read_all(reader: &QuorumReader) -> Result<i64> {
    let mut last = TxId(0);
    loop {
        match reader.committed_edits(last.next()).await?.last() {
            Some(read) => last = read,
            None => return Ok(last.0),
        }
    }
}

fn journal() -> Result<JournalId> {
    Ok(JournalId::new(JOURNAL)?)
}

fn namespace() -> NamespaceInfo {
    NamespaceInfo::of_storage(StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: NAMESPACE_ID,
        cluster_id: CLUSTER_ID.to_owned(),
        c_time: 0,
    })
}

fn options() -> QuorumOptions {
    QuorumOptions { user: Some("hdfs".to_owned()), ..Default::default() }
}
