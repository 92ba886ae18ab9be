use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Coordination, HaCluster};
use crate::cluster::{NAMESERVICE, base_site};
use crate::hadoop::{
    FailoverController, FailoverControllerKind, JournalNode, JournalNodeKind, NameNode, Site,
};
use crate::ssh::{KeyKind, KeyPair, Sshd};

const JOURNALNODES: usize = 3;

/// What a cluster with automatic failover is made of before its ports and files exist.
#[derive(Debug)]
pub struct HaBuilder {
    root: PathBuf,
    controllers: Vec<FailoverControllerKind>,
    has_ensemble: bool,
    credentials: Option<String>,
    extra: Site,
}

impl HaBuilder {
    pub(super) fn new(root: &Path, controllers: &[FailoverControllerKind]) -> Self {
        Self {
            root: root.to_owned(),
            controllers: controllers.to_owned(),
            has_ensemble: false,
            credentials: None,
            extra: Site::new(),
        }
    }

    /// Three voters and an observer instead of one ZooKeeper server.
    pub fn with_ensemble(mut self) -> Self {
        self.has_ensemble = true;
        self
    }

    /// What the harness itself says to ZooKeeper, as `user:password`, where an ACL asks for it.
    pub fn credentials(mut self, credentials: &str) -> Self {
        self.credentials = Some(credentials.to_owned());
        self
    }

    /// A property for every daemon and client.
    pub fn set(mut self, name: &str, value: impl ToString) -> Self {
        self.extra.set(name, value);
        self
    }

    /// Takes ports, writes configuration, starts ZooKeeper and sshd, and nothing else.
    pub fn build(self) -> Result<HaCluster> {
        let root = self.root.as_path();
        let coordination = match self.has_ensemble {
            true => Coordination::ensemble(root)?,
            false => Coordination::single(root)?,
        };
        let key = KeyPair::generate(&root.join("ssh"), "id", KeyKind::EcdsaPem)?;
        let sshd = Sshd::start(&root.join("sshd"), &[&key])?;
        let mut journalnodes = Vec::new();
        for number in 1..=JOURNALNODES {
            let name = format!("jn{number}");
            journalnodes.push(JournalNode::new(&name, JournalNodeKind::Rust, root)?);
        }
        let (mut namenodes, mut controllers) = (Vec::new(), Vec::new());
        for (index, kind) in self.controllers.iter().enumerate() {
            let id = format!("nn{}", index + 1);
            namenodes.push(NameNode::new(&id, root)?);
            controllers.push(FailoverController::new(&id, *kind, root)?);
        }
        let mut site = base_site(&journalnodes, &namenodes);
        site.set("ha.zookeeper.quorum", coordination.quorum())
            .set("dfs.ha.fencing.methods", format!("sshfence({}:{})", user(), sshd.port()))
            .set("dfs.ha.fencing.ssh.private-key-files", key.private().display());
        for (namenode, controller) in namenodes.iter().zip(&controllers) {
            let key = format!("dfs.ha.zkfc.port.{NAMESERVICE}.{}", namenode.id());
            site.set(key, controller.rpc_address().port());
        }
        site.extend(&failover_pace()).extend(&self.extra);
        HaCluster::new(self.root, site, coordination, sshd, self.credentials).with_nodes(
            journalnodes,
            namenodes,
            controllers,
        )
    }
}

/// Java's times, cut to what a test on one machine needs.
fn failover_pace() -> Site {
    let mut site = Site::new();
    site.set("dfs.ha.automatic-failover.enabled", true)
        .set("ha.zookeeper.session-timeout.ms", 4000)
        .set("ha.health-monitor.rpc-timeout.ms", 4000)
        .set("dfs.ha.fencing.ssh.connect-timeout", 5000)
        // A frozen NameNode dumps no threads; Java waits for it before it leaves the election.
        .set("dfs.ha.zkfc.nn.http.timeout.ms", 2000);
    site
}

fn user() -> String {
    std::env::var("USER").unwrap_or_else(|_| "root".to_owned())
}
