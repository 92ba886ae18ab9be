use std::path::Path;

use anyhow::{Context, Result};

use crate::zookeeper::{ZooKeeperEnsemble, ZooKeeperServer};

/// The ZooKeeper of a cluster.
#[derive(Debug)]
pub enum Coordination {
    /// One server.
    Single(ZooKeeperServer),
    /// Three voters and an observer.
    Ensemble(ZooKeeperEnsemble),
}

impl Coordination {
    /// Starts one server under `root`.
    pub fn single(root: &Path) -> Result<Self> {
        let mut server = ZooKeeperServer::new("zookeeper", root)?;
        server.start()?;
        Ok(Self::Single(server))
    }

    /// Starts three voters and an observer under `root`.
    pub fn ensemble(root: &Path) -> Result<Self> {
        Ok(Self::Ensemble(ZooKeeperEnsemble::start(root)?))
    }

    /// What clients connect to.
    pub fn quorum(&self) -> String {
        match self {
            Self::Single(server) => server.address().to_string(),
            Self::Ensemble(ensemble) => ensemble.quorum(),
        }
    }

    /// The one server.
    pub fn server(&mut self) -> Result<&mut ZooKeeperServer> {
        match self {
            Self::Single(server) => Some(server),
            Self::Ensemble(_) => None,
        }
        .context("this cluster has an ensemble")
    }

    /// The ensemble.
    pub fn members(&mut self) -> Result<&mut ZooKeeperEnsemble> {
        match self {
            Self::Single(_) => None,
            Self::Ensemble(ensemble) => Some(ensemble),
        }
        .context("this cluster has a single server")
    }
}
