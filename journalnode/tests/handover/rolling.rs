//! Three nodes, replaced one after the other within one segment (HDFS-15060).

use std::time::{Duration, Instant};

use hadoop_ipc::client::Target;
use journalnode::quorum::{NamespaceInfo, QuorumAdmin, QuorumOptions, QuorumWriter};
use journalnode::types::{JournalId, LayoutVersion, StorageInfo, TxId};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::support::{ConfigDir, Node, requests};
use super::writing::J;

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn no_node_misses_a_batch_when_all_are_replaced_within_a_segment() {
    let configs = [(); 3].map(|()| ConfigDir::new(&[]));
    let mut nodes = configs.each_ref().map(|config| Node::start(config.command()));
    let targets: Vec<_> =
        nodes.iter().map(|node| Target::new("127.0.0.1", node.rpc.port())).collect();
    let mut writer = writer(&targets).await;
    writer.start_segment(TxId(1)).await.unwrap();
    let (done, mut replaced) = oneshot::channel();
    let replacing = tokio::task::spawn_blocking(move || {
        let said: Vec<_> =
            [0, 1, 2, 0, 1, 2].into_iter().map(|index| nodes[index].hand_over()).collect();
        let _ = done.send(());
        (nodes, said)
    });
    let (mut last, mut longest) = (0, Duration::ZERO);
    while replaced.try_recv() == Err(TryRecvError::Empty) {
        last += 1;
        let asked = Instant::now();
        let records = requests::records(last as u64, 1);
        writer.write(TxId(last), 1, records).await.unwrap();
        longest = longest.max(asked.elapsed());
    }
    let (_nodes, said) = replacing.await.unwrap();
    println!("{last} batches, the longest took {longest:?}");
    said.iter().for_each(|line| println!("{line}"));
    assert!(writer.settle(PATIENCE).await, "{:?}", writer.status());
    writer.finalize(TxId(1), TxId(last)).await.unwrap();
    assert!(writer.settle(PATIENCE).await, "{:?}", writer.status());
    for config in &configs {
        let segment = config.current(J).join(format!("edits_{:019}-{last:019}", 1));
        assert!(segment.exists(), "a node missed a batch: no {}", segment.display());
    }
}

async fn writer(targets: &[Target]) -> QuorumWriter {
    let journal = JournalId::new(J).unwrap();
    let namespace = NamespaceInfo::of_storage(StorageInfo {
        layout_version: LayoutVersion::CURRENT,
        namespace_id: requests::NAMESPACE_ID as i32,
        cluster_id: requests::CLUSTER_ID.to_owned(),
        c_time: 0,
    });
    let options = QuorumOptions { user: Some("hdfs".to_owned()), ..Default::default() };
    QuorumAdmin::new(&journal, targets, &namespace, options.clone())
        .format_all(false)
        .await
        .unwrap();
    QuorumWriter::open(&journal, targets, &namespace, options).await.unwrap()
}
