use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use hadoop_ipc::client::Target;

use super::Who;
use crate::hadoop::{JournalNode, JournalNodeKind, Jvm, Site};

/// A JournalNode that is measured, in a folder of its own.
pub struct Server {
    /// Whose values it gives.
    pub who: Who,
    /// The process, its ports and its directory.
    pub node: JournalNode,
    root: PathBuf,
}

impl Server {
    /// Not started.
    pub fn new(who: Who, name: &str, root: &Path, site: &Site) -> Result<Self> {
        let kind = match who {
            Who::Java => JournalNodeKind::Java,
            _ => JournalNodeKind::Rust,
        };
        let mut node = JournalNode::new(name, kind, root)?;
        node.run_on(Jvm::AsInstalled);
        node.configure(site)?;
        Ok(Self { who, node, root: root.join(name) })
    }

    /// Java's, ours, and ours once more, in the order in which their turns come. Serving.
    pub fn start_all(root: &Path, site: &Site) -> Result<Vec<Self>> {
        let mut servers = Self::all(root, site)?;
        for server in &mut servers {
            server.node.start()?;
        }
        Ok(servers)
    }

    /// The same, not started.
    pub fn all(root: &Path, site: &Site) -> Result<Vec<Self>> {
        let all = [(Who::Java, "java"), (Who::Ours, "ours"), (Who::Again, "again")];
        all.into_iter().map(|(who, name)| Self::new(who, name, root, site)).collect()
    }

    /// Ends them and removes what they wrote.
    pub fn end_all(servers: Vec<Self>) -> Result<()> {
        servers.into_iter().try_for_each(Self::end)
    }

    fn end(mut self) -> Result<()> {
        // What it is told to write before it ends is of no interest.
        self.node.kill()?;
        Ok(fs::remove_dir_all(&self.root)?)
    }

    /// Where its clients connect.
    pub fn target(&self) -> Target {
        let address = SocketAddr::from(self.node.rpc_address());
        Target::new(address.ip().to_string(), address.port())
    }

    /// Everything it keeps.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
