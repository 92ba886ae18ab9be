use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use failover::types::ActiveNode;

use super::{Coordination, ElectorZnodes, HaBuilder, Witness};
use crate::cluster::{Load, NAMESERVICE};
use crate::hadoop::{
    FailoverController, FailoverControllerKind, HdfsClient, JournalNode, NameNode, Site,
};
use crate::inspect::JournalDir;
use crate::process::{Launcher, wait_until};
use crate::ssh::Sshd;

/// How long a failover may take on a busy machine, with every retry that Java knows.
const FAILOVER_LIMIT: Duration = Duration::from_secs(90);

/// A nameservice whose NameNodes have a failover controller each. Everything dies when it is
/// dropped.
#[derive(Debug)]
pub struct HaCluster {
    root: PathBuf,
    site: Site,
    client: Option<Rc<HdfsClient>>,
    witness: Option<Witness>,
    znodes: Option<ElectorZnodes>,
    credentials: Option<String>,
    /// nn1, nn2, …
    pub namenodes: Vec<NameNode>,
    /// The controller of each NameNode.
    pub controllers: Vec<FailoverController>,
    /// jn1, jn2, jn3.
    pub journalnodes: Vec<JournalNode>,
    /// ZooKeeper.
    pub coordination: Coordination,
    /// Where `sshfence` logs in.
    pub sshd: Sshd,
}

impl HaCluster {
    /// A cluster that keeps everything under `root`, with a NameNode per controller.
    pub fn builder(root: &Path, controllers: &[FailoverControllerKind]) -> HaBuilder {
        HaBuilder::new(root, controllers)
    }

    pub(super) fn new(
        root: PathBuf,
        site: Site,
        coordination: Coordination,
        sshd: Sshd,
        credentials: Option<String>,
    ) -> Self {
        Self {
            root,
            site,
            client: None,
            witness: None,
            znodes: None,
            credentials,
            namenodes: Vec::new(),
            controllers: Vec::new(),
            journalnodes: Vec::new(),
            coordination,
            sshd,
        }
    }

    pub(super) fn with_nodes(
        mut self,
        journalnodes: Vec<JournalNode>,
        namenodes: Vec<NameNode>,
        controllers: Vec<FailoverController>,
    ) -> Result<Self> {
        (self.journalnodes, self.namenodes) = (journalnodes, namenodes);
        self.controllers = controllers;
        self.journalnodes.iter().try_for_each(|node| node.configure(&self.site))?;
        self.namenodes.iter().try_for_each(|node| node.configure(&self.site))?;
        self.controllers.iter().try_for_each(|node| node.configure(&self.site))?;
        Ok(self)
    }

    /// From nothing to nn1 active and all others standby.
    pub fn bring_up(&mut self) -> Result<()> {
        self.start_namenodes()?;
        self.format_zookeeper(0)?;
        self.controllers[0].start()?;
        self.await_active(0)?;
        for controller in &mut self.controllers[1..] {
            controller.start()?;
        }
        Ok(())
    }

    /// Everything but the controllers, all NameNodes standby. The first is formatted, and its
    /// folder carried over to the others.
    pub fn start_namenodes(&mut self) -> Result<()> {
        self.journalnodes.iter_mut().try_for_each(JournalNode::spawn)?;
        self.journalnodes.iter_mut().try_for_each(JournalNode::await_serving)?;
        self.namenodes[0].run(&["-format", "-nonInteractive"])?;
        for namenode in &self.namenodes[1..] {
            copy(&self.namenodes[0].name_dir(), &namenode.name_dir())?;
        }
        self.namenodes.iter_mut().try_for_each(|namenode| namenode.spawn(&[]))?;
        self.start_client()?;
        self.namenodes.iter_mut().try_for_each(NameNode::await_serving)?;
        let watched = self.namenodes.iter().map(NameNode::http_address).collect();
        self.witness = Some(Witness::start(watched));
        Ok(())
    }

    /// `-formatZK` with the controller of that index.
    pub fn format_zookeeper(&self, index: usize) -> Result<()> {
        let status = self.controllers[index].run(&["-formatZK", "-nonInteractive"])?;
        ensure!(status.success(), "-formatZK: {status}\n{}", self.controllers[index].logged()?);
        Ok(())
    }

    fn start_client(&mut self) -> Result<()> {
        let folder = self.root.join("client");
        self.site.write(&folder.join("conf"))?;
        let log = folder.join("client.log");
        let client = HdfsClient::start(&Launcher::here(), &folder.join("conf"), &log)?;
        self.client = Some(Rc::new(client));
        self.znodes = Some(self.look_at_znodes()?);
        Ok(())
    }

    /// Another look at what the controllers keep in ZooKeeper, with a session of its own.
    pub fn look_at_znodes(&self) -> Result<ElectorZnodes> {
        let quorum = self.coordination.quorum();
        ElectorZnodes::connect(&quorum, NAMESERVICE, self.credentials.as_deref())
    }

    /// Hadoop's client and admin tools.
    pub fn client(&self) -> Result<&HdfsClient> {
        self.client.as_deref().context("the client is started with the NameNodes")
    }

    /// What the controllers keep in ZooKeeper.
    pub fn znodes(&self) -> Result<&ElectorZnodes> {
        self.znodes.as_ref().context("ZooKeeper is looked at once the NameNodes are started")
    }

    /// The nameservice as a file system.
    pub fn uri(&self) -> String {
        format!("hdfs://{NAMESERVICE}")
    }

    /// The properties every daemon shares.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Starts a client that writes under `/load/<name>` until it is stopped.
    pub fn start_load(&self, name: &str) -> Result<Load> {
        let client = self.client.clone().context("no client yet")?;
        let load =
            Load::start(client, name, &self.uri(), &self.root.join(format!("{name}.acked")))?;
        load.await_more(30)?;
        Ok(load)
    }

    /// Waits until a NameNode is active, its controller holds the lock, and the breadcrumb names
    /// it: the whole of a failover.
    pub fn await_active(&self, index: usize) -> Result<()> {
        let what = format!("{} to be active", self.namenodes[index].id());
        wait_until(&what, FAILOVER_LIMIT, || {
            let state = self.namenodes[index].state()?;
            ensure!(state == "active", "it is {state}");
            self.ensure_owned_by(index).map(Some)
        })
        .map_err(|error| self.explain(error))
    }

    /// Waits until a NameNode is in that state.
    pub fn await_state(&self, index: usize, state: &str) -> Result<()> {
        let what = format!("{} to be {state}", self.namenodes[index].id());
        let namenode = &self.namenodes[index];
        wait_until(&what, FAILOVER_LIMIT, || Ok((namenode.state()? == state).then_some(())))
            .map_err(|error| self.explain(error))
    }

    /// Waits until a controller has logged something that `what` is part of.
    pub fn await_logged(&self, controller: usize, what: &str) -> Result<()> {
        let controller = &self.controllers[controller];
        wait_until(&format!("\"{what}\" in the log"), FAILOVER_LIMIT, || {
            Ok(controller.logged()?.contains(what).then_some(()))
        })
        .map_err(|error| self.explain(error))
    }

    /// Fails unless lock and breadcrumb name this NameNode, its port and its controller's.
    pub fn ensure_owned_by(&self, index: usize) -> Result<()> {
        let (namenode, controller) = (&self.namenodes[index], &self.controllers[index]);
        let (lock, breadcrumb) = (self.znodes()?.lock_holder()?, self.znodes()?.breadcrumb()?);
        let is_it = |node: &ActiveNode| {
            node.id.namenode == namenode.id()
                && node.id.nameservice == NAMESERVICE
                && node.port == i32::from(namenode.rpc_address().port())
                && node.zkfc_port == i32::from(controller.rpc_address().port())
        };
        ensure!(lock.as_ref().is_some_and(is_it), "the lock is {lock:?}'s");
        ensure!(breadcrumb.as_ref().is_some_and(is_it), "the breadcrumb names {breadcrumb:?}");
        ensure!(lock == breadcrumb, "lock and breadcrumb differ: {lock:?}, {breadcrumb:?}");
        Ok(())
    }

    /// Stops the load, and fails unless every operation that was acknowledged is there, the
    /// copies of the journal are equal, and there were never two active NameNodes.
    pub fn conclude(&mut self, load: &Load, active: usize) -> Result<()> {
        load.await_more(30)?;
        load.stop()?;
        load.ensure_all_there(&self.namenodes[active].uri())?;
        self.client()?.dfsadmin(&["-fs", &self.namenodes[active].uri(), "-rollEdits"])?;
        let dirs: Vec<JournalDir> =
            self.journalnodes.iter().map(|node| node.journal_dir(NAMESERVICE)).collect();
        ensure!(JournalDir::ensure_equal(&dirs)? > 0, "no segment is on two JournalNodes");
        self.witness.as_mut().context("the witness starts with the NameNodes")?.conclude()
    }

    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        let logs = self.controllers.iter().map(|controller| {
            let text = controller.logged().unwrap_or_default();
            let lines: Vec<&str> = text.lines().filter(|line| line.len() < 600).collect();
            let tail = lines[lines.len().saturating_sub(25)..].join("\n");
            format!("\n{}:\n{tail}", controller.log().display())
        });
        error.context(format!("ends of the controllers' logs:{}", logs.collect::<String>()))
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    ensure!(status.success(), "cp {} {}", from.display(), to.display());
    Ok(())
}
