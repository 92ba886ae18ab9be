use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rustix::process::Pid;

use super::Kept;
use crate::cluster::{Cluster, Load, NAMESERVICE};
use crate::hadoop::{JournalNode, jmx_bean};

/// The tour's steps, in order. Each says what it does and what came of it.
#[derive(Debug)]
pub struct Tour {
    folder: PathBuf,
    cluster: Cluster,
}

impl Tour {
    /// Formats and starts three journalnodes and two NameNodes, and makes nn1 active.
    pub fn start(folder: &Path) -> Result<Self> {
        say("starting three journalnodes and two NameNodes of Hadoop 3.4.3 (about 30 seconds)");
        let mut cluster = Cluster::builder(folder).build()?;
        cluster.bring_up()?;
        Ok(Self { folder: folder.to_owned(), cluster })
    }

    /// The kill and the return of one journalnode, under load.
    pub fn show(&mut self) -> Result<()> {
        let load = self.cluster.start_load("quickstart")?;
        load.await_more(200)?;
        say(&format!("a client of HDFS has {} operations acknowledged", load.acked()?));
        self.kill_one(&load)?;
        self.bring_back(&load)?;
        load.stop_without_failures()?;
        load.ensure_all_there(&self.cluster.active()?.uri())?;
        let acked = load.acked()?;
        say(&format!("all {acked} acknowledged operations are there, none failed"));
        self.cluster.ensure_segments_whole()?;
        say("Hadoop reads every finalized segment whole; all copies are equal");
        Ok(())
    }

    /// Where things listen, and where they keep their files.
    pub fn print_places(&mut self) -> Result<()> {
        println!();
        for node in &mut self.cluster.journalnodes {
            let (rpc, http, pid) = (node.rpc_address(), node.http_address(), pid(node)?);
            println!("  journalnode {}  rpc {rpc}  http://{http}  pid {pid}", node.name());
        }
        for namenode in &mut self.cluster.namenodes {
            let (rpc, http) = (namenode.rpc_address(), namenode.http_address());
            let state = namenode.state()?;
            println!("  NameNode    {}  rpc {rpc}  http://{http}  {state}", namenode.id());
        }
        println!("  files and logs: {}", self.folder.display());
        Ok(())
    }

    /// Leaves everything running after this process ends.
    pub fn keep(mut self) -> Result<()> {
        let mut processes = Vec::new();
        for node in &mut self.cluster.journalnodes {
            processes.push((node.daemon()?.pid(), node.name().to_owned()));
        }
        for namenode in &mut self.cluster.namenodes {
            processes.push((namenode.daemon()?.pid(), namenode.id().to_owned()));
        }
        Kept::at(&self.folder).note(&processes)?;
        // Dropping it would end them.
        std::mem::forget(self.cluster);
        Ok(())
    }

    fn kill_one(&mut self, load: &Load) -> Result<()> {
        let node = &mut self.cluster.journalnodes[2];
        let pid = pid(node)?;
        say(&format!("kill -9 of {} (pid {pid})", node.name()));
        node.kill()?;
        load.await_more(200)?;
        say(&format!("writing went on with two: {} operations acknowledged", load.acked()?));
        Ok(())
    }

    fn bring_back(&mut self, load: &Load) -> Result<()> {
        let node = &mut self.cluster.journalnodes[2];
        node.start()?;
        say(&format!("started {} again; it joins at the next roll of the log", node.name()));
        self.cluster.roll()?;
        self.cluster.await_all_in_sync()?;
        load.await_more(200)?;
        let epochs = self.written()?;
        for (name, txid) in &epochs {
            println!("     {name}: last written txid {txid}");
        }
        ensure!(epochs.iter().all(|(_, txid)| *txid > 0), "a journalnode wrote nothing");
        say("rolled: all three write the same segment again");
        Ok(())
    }

    fn written(&self) -> Result<Vec<(String, u64)>> {
        let nodes = self.cluster.journalnodes.iter();
        nodes.map(|node| Ok((node.name().to_owned(), last_written(node)?))).collect()
    }
}

fn last_written(node: &JournalNode) -> Result<u64> {
    let name = format!("Hadoop:service=JournalNode,name=Journal-{NAMESERVICE}");
    jmx_bean(node.http_address(), &name)?["LastWrittenTxId"].as_u64().context("LastWrittenTxId")
}

fn pid(node: &mut JournalNode) -> Result<Pid> {
    Ok(node.daemon()?.pid())
}

fn say(what: &str) {
    println!("==> {what}");
}
