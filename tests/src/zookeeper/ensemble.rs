use std::path::Path;

use anyhow::{Context, Result};

use super::ZooKeeperServer;
use crate::process::PortLease;

const VOTERS: usize = 3;

/// Three voters, and an observer that has no vote.
#[derive(Debug)]
pub struct ZooKeeperEnsemble {
    servers: Vec<ZooKeeperServer>,
    _quorum_ports: Vec<PortLease>,
}

impl ZooKeeperEnsemble {
    /// Starts it under `root` and waits until all four serve.
    pub fn start(root: &Path) -> Result<Self> {
        let mut ports = Vec::new();
        let mut members = String::new();
        for id in 1..=VOTERS + 1 {
            let (quorum, election) = (PortLease::take()?, PortLease::take()?);
            let role = if id > VOTERS { ":observer" } else { "" };
            members +=
                &format!("server.{id}=127.0.0.1:{}:{}{role}\n", quorum.port(), election.port());
            ports.extend([quorum, election]);
        }
        let mut servers = Vec::new();
        for id in 1..=VOTERS + 1 {
            servers.push(ZooKeeperServer::member(id, root, &members, id > VOTERS)?);
        }
        servers.iter_mut().try_for_each(ZooKeeperServer::spawn)?;
        servers.iter_mut().try_for_each(ZooKeeperServer::await_serving)?;
        Ok(Self { servers, _quorum_ports: ports })
    }

    /// All servers as a client lists them.
    pub fn quorum(&self) -> String {
        let addresses = self.servers.iter().map(|server| server.address().to_string());
        addresses.collect::<Vec<_>>().join(",")
    }

    /// One of the servers; the observer is the last.
    pub fn server(&mut self, index: usize) -> &mut ZooKeeperServer {
        &mut self.servers[index]
    }

    /// Which server leads.
    pub fn leader(&self) -> Result<usize> {
        let leads = |server: &ZooKeeperServer| server.mode().is_ok_and(|mode| mode == "leader");
        self.servers.iter().position(leads).context("no server leads")
    }

    /// Starts those again that were killed, and waits until all serve.
    pub fn heal(&mut self) -> Result<()> {
        let killed = self.servers.iter_mut().filter(|server| !server.is_started());
        for server in killed {
            server.spawn()?;
        }
        self.servers.iter_mut().try_for_each(ZooKeeperServer::await_serving)
    }
}
