use std::path::{Path, PathBuf};

use anyhow::Result;
use tokio::runtime::Runtime;

use super::{Extent, Figures};
use crate::hadoop::Site;

/// Longer than a server's turn takes to come again: neither is to close a connection meanwhile.
const CONNECTION_IDLE_MS: u32 = 600_000;

/// What every measurement needs.
pub struct Bench {
    /// How much is measured.
    pub extent: Extent,
    /// What was.
    pub figures: Figures,
    /// Of all clients in Rust: one thread.
    pub runtime: Runtime,
    root: PathBuf,
}

impl Bench {
    /// Nothing measured yet; everything that is written goes under `root`.
    pub fn new(extent: Extent, root: &Path) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { extent, figures: Figures::default(), runtime, root: root.to_owned() })
    }

    /// A folder for one measurement.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Settings of both servers, which are Hadoop's defaults otherwise.
    pub fn site(&self) -> Site {
        let mut site = Site::new();
        site.set("ipc.client.connection.maxidletime", CONNECTION_IDLE_MS)
            .set("dfs.image.transfer.bandwidthPerSec", 0);
        site
    }
}
