//! One directory, two JournalNodes: whoever comes second is refused, whichever is ours.

use std::path::Path;

use anyhow::{Result, ensure};
use hadoop_ipc::client::{Client, ClientOptions, Target};
use hadoop_proto::Required;
use hadoop_proto::hdfs::{NamespaceInfoProto, StorageInfoProto};
use hadoop_proto::qjournal::{
    FormatRequestProto, FormatResponseProto, IsFormattedRequestProto, IsFormattedResponseProto,
    JournalIdProto,
};
use system_tests::hadoop::JournalNodeKind::{self, Java, Rust};
use system_tests::hadoop::{JournalNode, Site};

use crate::kinds::{or_java, run};

const PROTOCOL: &str = "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol";
const JOURNAL: &str = "shared";

#[test]
fn java_is_refused_what_ours_holds() {
    run("lock.java_second", |root| scenario(root, or_java(Rust), Java));
}

#[test]
fn ours_is_refused_what_java_holds() {
    run("lock.rust_second", |root| scenario(root, Java, or_java(Rust)));
}

// JN-115
fn scenario(root: &Path, first: JournalNodeKind, second: JournalNodeKind) -> Result<()> {
    let mut holder = start(root, first)?;
    let mut late = start(root, second)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        call::<FormatResponseProto>(&holder, "format", &format()).await?;
        let refused = call::<IsFormattedResponseProto>(&late, "isFormatted", &question()).await;
        let refused = refused.err().map(|error| error.to_string()).unwrap_or_default();
        ensure!(refused.contains("The directory is already locked"), "refused with {refused:?}");
        holder.terminate()?;
        let answer: IsFormattedResponseProto = call(&late, "isFormatted", &question()).await?;
        ensure!(answer.is_formatted, "the directory was formatted");
        late.terminate()?;
        Ok(())
    })
}

/// Every node gets ports of its own, and the same directory.
fn start(root: &Path, kind: JournalNodeKind) -> Result<JournalNode> {
    let mut node = JournalNode::new("jn", kind, root)?;
    node.configure(&Site::new())?;
    node.start()?;
    Ok(node)
}

async fn call<R: Required>(
    node: &JournalNode,
    method: &str,
    request: &impl hadoop_proto::Message,
) -> Result<R> {
    let address = node.rpc_address();
    let target = Target::new(address.ip().to_string(), address.port());
    let client = Client::new(target, ClientOptions::new(PROTOCOL, 1, Some("hdfs".to_owned())));
    Ok(client.call(method, request).await?)
}

fn id() -> JournalIdProto {
    JournalIdProto { identifier: JOURNAL.to_owned() }
}

fn question() -> IsFormattedRequestProto {
    IsFormattedRequestProto { jid: id(), name_service_id: None }
}

fn format() -> FormatRequestProto {
    let storage_info = StorageInfoProto {
        layout_version: -67_i32 as u32,
        namespce_id: 12345,
        cluster_id: "CID-lock".to_owned(),
        c_time: 0,
    };
    let ns_info = NamespaceInfoProto {
        build_version: "3.4.3".to_owned(),
        unused: 0,
        block_pool_id: "BP-lock".to_owned(),
        storage_info,
        software_version: "3.4.3".to_owned(),
        capabilities: None,
        state: None,
    };
    FormatRequestProto { jid: id(), ns_info, name_service_id: None, force: None }
}
