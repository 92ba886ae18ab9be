use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{ClusterBuilder, Load};
use crate::hadoop::{HdfsClient, JournalNode, NameNode, Site};
use crate::inspect::JournalDir;
use crate::process::{Launcher, wait_until};

/// The nameservice, and the journal's id.
pub const NAMESERVICE: &str = "ns1";

/// How long a standby may take to apply what is durable, a JournalNode to join a segment.
const CATCH_UP_LIMIT: Duration = Duration::from_secs(60);

/// Two NameNodes, their JournalNodes and a client. Everything dies when it is dropped.
#[derive(Debug)]
pub struct Cluster {
    pub(super) root: PathBuf,
    pub(super) site: Site,
    pub(super) client: Option<Rc<HdfsClient>>,
    /// nn1 and nn2.
    pub namenodes: [NameNode; 2],
    /// jn1, jn2, …
    pub journalnodes: Vec<JournalNode>,
}

impl Cluster {
    /// A cluster that keeps everything under `root`.
    pub fn builder(root: &Path) -> ClusterBuilder {
        ClusterBuilder::new(root)
    }

    /// From nothing to nn1 active, nn2 standby, as an operator would: format, start, bootstrap.
    pub fn bring_up(&mut self) -> Result<()> {
        self.start_journalnodes()?;
        self.namenodes[0].run(&["-format", "-nonInteractive"])?;
        self.namenodes[0].spawn(&[])?;
        self.start_client()?;
        self.namenodes[0].await_serving()?;
        self.namenodes[1].run(&["-bootstrapStandby", "-nonInteractive"])?;
        self.namenodes[1].start(&[])?;
        self.activate(0)
    }

    /// Starts all JournalNodes and waits for them.
    pub fn start_journalnodes(&mut self) -> Result<()> {
        self.journalnodes.iter_mut().try_for_each(JournalNode::spawn)?;
        self.journalnodes.iter_mut().try_for_each(JournalNode::await_serving)
    }

    /// Starts the client JVM.
    pub fn start_client(&mut self) -> Result<()> {
        let folder = self.root.join("client");
        self.site.write(&folder.join("conf"))?;
        let log = folder.join("client.log");
        let client = HdfsClient::start(&Launcher::here(), &folder.join("conf"), &log)?;
        self.client = Some(Rc::new(client));
        Ok(())
    }

    /// The client JVM.
    pub fn client(&self) -> Result<&HdfsClient> {
        self.client.as_deref().context("the client is started by bring_up or start_client")
    }

    /// The nameservice as a file system, whichever NameNode is active.
    pub fn uri(&self) -> String {
        format!("hdfs://{NAMESERVICE}")
    }

    /// The properties every daemon shares.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Makes a NameNode active, whatever the other one is doing.
    pub fn activate(&self, index: usize) -> Result<()> {
        let namenode = &self.namenodes[index];
        let args = ["-transitionToActive", "--forceactive", namenode.id()];
        let said = self.client()?.haadmin(&args);
        // What stopped it is in the NameNode's log, not in the client's.
        said.with_context(|| format!("activate {}", namenode.id()))?;
        let state = namenode.state()?;
        ensure!(state == "active", "{} is {state} after being made active", namenode.id());
        Ok(())
    }

    /// Makes a NameNode standby.
    pub fn deactivate(&self, index: usize) -> Result<()> {
        self.client()?.haadmin(&["-transitionToStandby", self.namenodes[index].id()])?;
        Ok(())
    }

    /// Creates a directory through the nameservice.
    pub fn mkdirs(&self, path: &str) -> Result<()> {
        self.client()?.mkdirs(&self.uri(), path)
    }

    /// Whether the active NameNode has the path.
    pub fn exists(&self, path: &str) -> Result<bool> {
        self.client()?.exists(&self.active()?.uri(), path)
    }

    /// The NameNode that is active. Reads must name it: a standby answers reads too here, with what it has.
    pub fn active(&self) -> Result<&NameNode> {
        let active =
            self.namenodes.iter().find(|nn| nn.state().is_ok_and(|state| state == "active"));
        active.context("no NameNode is active")
    }

    /// Starts a client that writes under `/load/<name>` until it is stopped.
    pub fn start_load(&self, name: &str) -> Result<Load> {
        let client = self.client.clone().context("no client yet")?;
        Load::start(client, name, &self.uri(), &self.root.join(format!("{name}.acked")))
    }

    /// Ends the open segment and starts the next.
    pub fn roll(&self) -> Result<()> {
        self.client()?.dfsadmin(&["-rollEdits"])?;
        Ok(())
    }

    /// Rolls and waits until the standby at `index` has applied all that the active had written.
    pub fn await_caught_up(&self, index: usize) -> Result<()> {
        let written = self.namenodes[1 - index].last_txid()?;
        self.roll()?;
        let standby = &self.namenodes[index];
        let what = format!("{} to reach txid {written}", standby.id());
        wait_until(&what, CATCH_UP_LIMIT, || Ok((standby.last_txid()? >= written).then_some(())))
    }

    /// Waits until every running JournalNode has the newest segment open.
    pub fn await_all_in_sync(&self) -> Result<()> {
        let dirs = self.journal_dirs();
        wait_until("all JournalNodes in the newest segment", CATCH_UP_LIMIT, || {
            let mut newest = Vec::new();
            for dir in &dirs {
                newest.push(dir.in_progress()?.into_iter().max());
            }
            Ok((newest[0].is_some() && newest.iter().all(|n| *n == newest[0])).then_some(()))
        })
    }

    /// Waits until the open segment is the same on every JournalNode: a write is acknowledged
    /// once a majority has it, and the slowest node takes it later.
    pub fn await_all_equal(&self) -> Result<()> {
        self.await_all_in_sync()?;
        let dirs = self.journal_dirs();
        wait_until("the open segment to be the same everywhere", CATCH_UP_LIMIT, || {
            let mut open = Vec::new();
            for dir in &dirs {
                let first = dir.in_progress()?.into_iter().max().unwrap_or_default();
                open.push(dir.contents()?.remove(&format!("edits_inprogress_{first:019}")));
            }
            Ok((open[0].is_some() && open.iter().all(|bytes| *bytes == open[0])).then_some(()))
        })
    }

    /// The journal's directory on each JournalNode.
    pub fn journal_dirs(&self) -> Vec<JournalDir> {
        self.journalnodes.iter().map(|node| node.journal_dir(NAMESERVICE)).collect()
    }

    /// Fails unless Hadoop reads every finalized segment of every JournalNode as the transactions
    /// its name promises, and all copies are equal.
    pub fn ensure_segments_whole(&self) -> Result<()> {
        let dirs = self.journal_dirs();
        let shared = JournalDir::ensure_equal(&dirs)?;
        ensure!(shared > 0, "no finalized segment is on two JournalNodes");
        for dir in &dirs {
            for segment in dir.finalized()? {
                let read = self.client()?.read_segment(&segment.path)?;
                let named = (segment.first, segment.last, segment.last - segment.first + 1);
                ensure!(read == named, "{}: Hadoop reads {read:?}", segment.path.display());
            }
        }
        Ok(())
    }

    pub(super) fn configure(&self) -> Result<()> {
        self.journalnodes.iter().try_for_each(|node| node.configure(&self.site))?;
        self.namenodes.iter().try_for_each(|node| node.configure(&self.site))
    }
}
