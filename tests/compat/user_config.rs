//! Five hosts with a user's own core-site.xml and hdfs-site.xml, byte for byte: nameservice nsd1907,
//! JournalNodes on node1 to node3, NameNodes on nn01 and nn02, everything under /var/hadoop.
//!
//! The files turn automatic failover on; no controller runs here, so state changes are forced by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use system_tests::cluster::Load;
use system_tests::hadoop::{HdfsClient, JournalNodeKind, NameNode, java, write_log4j};
use system_tests::inspect::JournalDir;
use system_tests::lab::Lab;
use system_tests::process::{Daemon, run_to_end};

use crate::kinds::{Kinds, with_kinds};

const CORE_SITE: &[u8] = include_bytes!("data/seed/core-site.xml");
const HDFS_SITE: &[u8] = include_bytes!("data/seed/hdfs-site.xml");
const NAMESERVICE: &str = "hdfs://nsd1907";
const JOURNALNODES: [&str; 3] = ["node1", "node2", "node3"];
const LIMIT: Duration = Duration::from_secs(120);

with_kinds!(scenario, three_rust, two_rust_one_java);

// JN-150, JN-152
fn scenario(root: &Path, kinds: Kinds) -> Result<()> {
    let site = Installation::new(root)?;
    let client = site.client()?;
    let journalnodes = site.start_journalnodes(kinds, &client)?;
    site.namenode_command("nn01", &["-format"])?;
    site.copy_dfs("nn01", "nn02")?;
    // Formatting nn01 has formatted the journal; since Hadoop 3.3 doing it again takes -force.
    site.namenode_command("nn01", &["-initializeSharedEdits", "-force"])?;
    for node in journalnodes {
        node.terminate()?;
    }

    let mut journalnodes = site.start_journalnodes(kinds, &client)?;
    let mut nn01 = site.start_namenode("nn01")?;
    let mut nn02 = site.start_namenode("nn02")?;
    await_standby(&mut nn01, &client, "nn1")?;
    await_standby(&mut nn02, &client, "nn2")?;
    let unforced = client.haadmin(&["-transitionToActive", "nn1"]);
    ensure!(unforced.is_err(), "automatic failover is not on");
    activate(&client, "nn1")?;
    let load = Load::start(client.clone(), "user", NAMESERVICE, &root.join("user.acked"))?;
    load.await_more(150)?;
    nn01.kill()?;
    activate(&client, "nn2")?;
    load.await_more(100)?;
    // Any one of the three may go.
    journalnodes.remove(0).kill()?;
    load.await_more(100)?;
    load.stop()?;
    load.ensure_all_there(NAMESERVICE)?;
    client.dfsadmin(&["-fs", "hdfs://nn02:8020", "-rollEdits"])?;
    ensure!(JournalDir::ensure_equal(&site.journal_dirs()?)? > 0, "nothing was finalized");
    Ok(())
}

/// The user's hosts and files.
struct Installation {
    lab: Lab,
    conf: PathBuf,
}

impl Installation {
    fn new(root: &Path) -> Result<Self> {
        let conf = root.join("conf");
        fs::create_dir_all(&conf)?;
        fs::write(conf.join("core-site.xml"), CORE_SITE)?;
        fs::write(conf.join("hdfs-site.xml"), HDFS_SITE)?;
        write_log4j(&conf)?;
        let hosts = [&JOURNALNODES[..], &["nn01", "nn02", "client"]].concat();
        Ok(Self { lab: Lab::create(root, &hosts)?, conf })
    }

    fn client(&self) -> Result<Rc<HdfsClient>> {
        let host = self.lab.host("client")?;
        let client = HdfsClient::start(&host.launcher(), &self.conf, &host.log("client"))?;
        Ok(Rc::new(client))
    }

    fn start_journalnodes(&self, kinds: Kinds, client: &HdfsClient) -> Result<Vec<Daemon>> {
        let mut daemons = Vec::new();
        for (name, kind) in JOURNALNODES.into_iter().zip(kinds) {
            daemons.push(self.start_journalnode(name, kind)?);
        }
        for (name, daemon) in JOURNALNODES.into_iter().zip(&mut daemons) {
            daemon.await_ready("serving", LIMIT, || {
                client.call(&["connect", name, "8480"])?;
                client.call(&["connect", name, "8485"]).map(Some)
            })?;
        }
        Ok(daemons)
    }

    fn start_journalnode(&self, name: &str, kind: JournalNodeKind) -> Result<Daemon> {
        let host = self.lab.host(name)?;
        let command = kind.command(&host.launcher(), &self.conf)?;
        Daemon::spawn(name, command, &host.log("journalnode"))
    }

    fn namenode_command(&self, name: &str, args: &[&str]) -> Result<()> {
        let what = format!("{name} {}", args.join(" "));
        run_to_end(&what, self.namenode(name, args)?, &self.lab.host(name)?.log("namenode"), LIMIT)
    }

    fn start_namenode(&self, name: &str) -> Result<Daemon> {
        Daemon::spawn(name, self.namenode(name, &[])?, &self.lab.host(name)?.log("namenode"))
    }

    fn namenode(&self, name: &str, args: &[&str]) -> Result<Command> {
        let mut command = java(&self.lab.host(name)?.launcher(), &self.conf, NameNode::CLASS)?;
        command.args(args);
        Ok(command)
    }

    /// The user's `rsync -aSH nn01:/var/hadoop/dfs /var/hadoop/`.
    fn copy_dfs(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.lab.host(from)?, self.lab.host(to)?);
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(from.var_hadoop().join("dfs")).arg(to.var_hadoop());
        ensure!(copy.status()?.success(), "copy from {} to {}", from.name(), to.name());
        Ok(())
    }

    fn journal_dirs(&self) -> Result<Vec<JournalDir>> {
        let dir = |name: &str| Ok(self.lab.host(name)?.var_hadoop().join("journal/nsd1907"));
        JOURNALNODES.into_iter().map(|name| dir(name).map(JournalDir::at)).collect()
    }
}

fn await_standby(namenode: &mut Daemon, client: &HdfsClient, id: &str) -> Result<()> {
    namenode.await_ready("standby", LIMIT, || {
        Ok(client.haadmin(&["-getServiceState", id])?.contains("standby").then_some(()))
    })
}

fn activate(client: &HdfsClient, id: &str) -> Result<()> {
    client.haadmin(&["-transitionToActive", "--forcemanual", "--forceactive", id])?;
    Ok(())
}
