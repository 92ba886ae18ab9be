use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Cluster, NAMESERVICE};
use crate::hadoop::{JournalNode, JournalNodeKind, NameNode, Site};

/// What a cluster is made of before its ports and files exist.
#[derive(Debug)]
pub struct ClusterBuilder {
    root: PathBuf,
    kinds: Vec<JournalNodeKind>,
    extra: Site,
}

impl ClusterBuilder {
    pub(super) fn new(root: &Path) -> Self {
        let kinds = vec![JournalNodeKind::Rust; 3];
        Self { root: root.to_owned(), kinds, extra: Site::new() }
    }

    /// One JournalNode per kind.
    pub fn journalnodes(mut self, kinds: impl IntoIterator<Item = JournalNodeKind>) -> Self {
        self.kinds = kinds.into_iter().collect();
        self
    }

    /// A property for every daemon and client.
    pub fn set(mut self, name: &str, value: impl ToString) -> Self {
        self.extra.set(name, value);
        self
    }

    /// Takes ports and writes configuration; starts nothing.
    pub fn build(self) -> Result<Cluster> {
        let mut journalnodes = Vec::new();
        for (index, kind) in self.kinds.iter().enumerate() {
            journalnodes.push(JournalNode::new(&format!("jn{}", index + 1), *kind, &self.root)?);
        }
        let namenodes = [NameNode::new("nn1", &self.root)?, NameNode::new("nn2", &self.root)?];
        let mut site = base_site(&journalnodes, &namenodes);
        site.extend(&self.extra);
        let cluster = Cluster { root: self.root, site, journalnodes, namenodes, client: None };
        cluster.configure()?;
        Ok(cluster)
    }
}

/// What daemons and clients of a nameservice with these nodes share.
pub(crate) fn base_site(journalnodes: &[JournalNode], namenodes: &[NameNode]) -> Site {
    let ids: Vec<_> = namenodes.iter().map(NameNode::id).collect();
    let mut site = Site::new();
    site.set("fs.defaultFS", format!("hdfs://{NAMESERVICE}"))
        .set("dfs.nameservices", NAMESERVICE)
        .set(format!("dfs.ha.namenodes.{NAMESERVICE}"), ids.join(","))
        .set(
            format!("dfs.client.failover.proxy.provider.{NAMESERVICE}"),
            "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider",
        )
        .set("dfs.namenode.shared.edits.dir", shared_edits(journalnodes));
    for namenode in namenodes {
        let of = |key: &str| format!("dfs.namenode.{key}.{NAMESERVICE}.{}", namenode.id());
        site.set(of("rpc-address"), namenode.rpc_address());
        site.set(of("http-address"), namenode.http_address());
    }
    site.extend(&test_pace());
    site
}

fn shared_edits(journalnodes: &[JournalNode]) -> String {
    let hosts: Vec<_> = journalnodes.iter().map(|n| n.rpc_address().to_string()).collect();
    format!("qjournal://{}/{NAMESERVICE}", hosts.join(";"))
}

/// Hadoop's waits, cut to what a test on one machine needs.
fn test_pace() -> Site {
    let mut site = Site::new();
    site.set("dfs.namenode.safemode.extension", 0)
        .set("dfs.ha.tail-edits.period", "1s")
        // Lets a test look at what a standby has applied.
        .set("dfs.ha.allow.stale.reads", true)
        .set("ipc.client.connect.retry.interval", 200)
        .set("dfs.client.failover.max.attempts", 100)
        .set("dfs.client.failover.sleep.base.millis", 50)
        .set("dfs.client.failover.sleep.max.millis", 500)
        .set("dfs.namenode.num.checkpoints.retained", 1)
        .set("dfs.namenode.num.extra.edits.retained", 0);
    site
}
