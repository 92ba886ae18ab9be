use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use failover::ledger::FailoverRecord;

use super::commands::Commands;
use super::{Front, Timeline};
use crate::cluster::Load;
use crate::ha::UserHosts;
use crate::hadoop::{FailoverControllerKind, Site};
use crate::inspect::JournalDir;
use crate::process::wait_until;
use crate::ssh::KeyKind;

const URI: &str = "hdfs://nsd1907";
const FILE: &str = "/quickstart.dat";
const FILE_BYTES: u32 = 4 << 20;
/// Operations between two steps.
const SOME: u64 = 200;
/// How long a NameNode stays in safe mode after a start, and then some.
const SAFE_MODE_LIMIT: Duration = Duration::from_secs(120);
const RECORD_LIMIT: Duration = Duration::from_secs(30);
/// How often a kept cluster looks for daemons that were killed.
const REAP_INTERVAL: Duration = Duration::from_secs(1);
const OURS: FailoverControllerKind = FailoverControllerKind::Rust;

/// The steps, in order. Each says what it does and what came of it.
#[derive(Debug)]
pub struct Tour {
    folder: PathBuf,
    hosts: UserHosts,
}

impl Tour {
    /// From nothing to a running cluster, in the order of the user's notes.
    pub fn start(folder: &Path) -> Result<Self> {
        say("six hosts on this machine: node1, node2, node3, nn01, nn02, client");
        let hosts = UserHosts::create(folder, KeyKind::RsaOpenSsh, &Site::new())?;
        let roles = hosts.zookeeper_roles()?;
        let roles: Vec<_> = roles.iter().map(|(name, role)| format!("{name} {role}")).collect();
        say(&format!("ZooKeeper runs: {}", roles.join(", ")));
        let mut tour = Self { folder: folder.to_owned(), hosts };
        tour.format()?;
        tour.start_all()?;
        Ok(tour)
    }

    fn format(&mut self) -> Result<()> {
        say_on("nn01", "zkfc-rs -formatZk");
        self.hosts.controller_command("nn01", OURS, &["-formatZk"])?;
        say_on("node1-3", "journalnode");
        self.hosts.start_journalnodes()?;
        say_on("nn01", "hdfs namenode -format");
        self.hosts.namenode_command("nn01", &["-format"])?;
        say_on("nn02", "rsync -aSH nn01:/var/hadoop/dfs /var/hadoop/");
        self.hosts.carry_over("nn01", "nn02")?;
        // Formatting nn01 has formatted the journal; since Hadoop 3.3 doing it again takes -force.
        say_on("nn01", "hdfs namenode -initializeSharedEdits -force");
        self.hosts.namenode_command("nn01", &["-initializeSharedEdits", "-force"])
    }

    fn start_all(&mut self) -> Result<()> {
        for (name, id, state) in [("nn01", "nn1", "active"), ("nn02", "nn2", "standby")] {
            say_on(name, "hdfs namenode, zkfc-rs");
            self.hosts.start_namenode(name)?;
            self.hosts.start_controller(name, OURS)?;
            // The first to be there is the first to be active.
            self.hosts.await_state(id, state)?;
        }
        say_on("node1", "hdfs datanode");
        self.hosts.start_datanode("node1")?;
        say("nn1 is active, nn2 is standby");
        Ok(())
    }

    /// The kill of the active NameNode under load, and what became of it.
    pub fn show(mut self) -> Result<()> {
        self.fail_over()
    }

    /// The same, and then stays until it is killed.
    pub fn keep(mut self) -> Result<()> {
        self.fail_over()?;
        say("waiting until nn1 is out of safe mode");
        wait_until("nn1 to leave safe mode", SAFE_MODE_LIMIT, || {
            let client = self.hosts.client();
            let said = client.dfsadmin(&["-fs", "hdfs://nn01:8020", "-safemode", "get"])?;
            Ok(said.contains("OFF").then_some(()))
        })?;
        let commands = Commands::write(&self.folder, &self.hosts)?;
        println!("\nEverything is left running; `scripts/quickstart --stop` ends it.\n");
        println!("{}", commands.hints());
        println!("{}", Front::STAYS);
        loop {
            self.hosts.reap()?;
            std::thread::sleep(REAP_INTERVAL);
        }
    }

    fn fail_over(&mut self) -> Result<()> {
        let file = self.put_file()?;
        let load = Load::start(self.hosts.client(), "quickstart", URI, &self.folder.join("acked"))?;
        load.await_more(SOME)?;
        let (acked, pid) = (load.acked()?, self.hosts.namenode_pid("nn01")?);
        say(&format!("a client writes to {URI}: {acked} operations acknowledged so far"));
        say(&format!("kill -9 of the active NameNode (nn01, process {pid})"));
        let killed = now_ms()?;
        self.hosts.kill_namenode("nn01")?;
        self.hosts.await_state("nn2", "active")?;
        load.await_more(SOME)?;
        let timeline = self.timeline(&load, killed)?;
        println!("\n{timeline}");
        self.check(&load, &file)?;
        say("nn01: hdfs namenode, again; it comes back as the standby");
        self.hosts.start_namenode("nn01")?;
        self.hosts.await_state("nn1", "standby")?;
        for (binary, tool) in
            [("zkfc-rs", "status"), ("zkfc-rs", "history"), ("journalnode", "status")]
        {
            println!("\n$ {binary} {tool}");
            print!("{}", self.hosts.tool_output("client", binary, &[tool])?);
        }
        Ok(())
    }

    /// A file with data; its blocks are on the DataNode.
    fn put_file(&self) -> Result<PathBuf> {
        let file = self.folder.join("file");
        let bytes: Vec<u8> = (0..FILE_BYTES).map(|at| (at % 251) as u8).collect();
        fs::write(&file, bytes)?;
        let said = self.hosts.client().dfs(&["-put", &file.display().to_string(), FILE])?;
        ensure!(said.is_empty(), "hdfs dfs -put: {said}");
        say(&format!("hdfs dfs -put: {FILE}, {} MiB, is on the DataNode", FILE_BYTES >> 20));
        Ok(file)
    }

    fn timeline(&self, load: &Load, killed: u64) -> Result<Timeline> {
        let record = wait_until("the failover in the history", RECORD_LIMIT, || {
            let said = self.hosts.tool_output("client", "zkfc-rs", &["history", "--json"])?;
            let mut history: serde_json::Value = serde_json::from_str(&said)?;
            let latest = history.pointer_mut("/nameservices/0/failovers/0");
            let latest = latest.context("no failover is recorded")?.take();
            let record: FailoverRecord = serde_json::from_value(latest)?;
            Ok((record.at_ms >= killed).then_some(record))
        })?;
        let log = fs::read_to_string(self.hosts.lab.host("nn01")?.log("zkfc"))?;
        Timeline::of(&record, &log, killed, &load.acked_at_ms()?)
    }

    fn check(&self, load: &Load, file: &Path) -> Result<()> {
        load.stop()?;
        load.ensure_all_there(URI)?;
        say(&format!("all {} acknowledged operations are there", load.acked()?));
        let read = self.folder.join("read");
        let said = self.hosts.client().dfs(&["-get", FILE, &read.display().to_string()])?;
        ensure!(said.is_empty(), "hdfs dfs -get: {said}");
        ensure!(fs::read(&read)? == fs::read(file)?, "{FILE} is not what was written");
        say(&format!("{FILE} reads as it was written"));
        self.hosts.client().dfsadmin(&["-fs", "hdfs://nn02:8020", "-rollEdits"])?;
        let segments = JournalDir::ensure_equal(&self.hosts.journal_dirs()?)?;
        ensure!(segments > 0, "no finished segment is on two JournalNodes");
        say("the finished segments of the JournalNodes are equal");
        Ok(())
    }
}

fn now_ms() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis().try_into()?)
}

fn say(what: &str) {
    println!("==> {what}");
}

/// A command of the recipe, and where it runs.
fn say_on(host: &str, command: &str) {
    say(&format!("{host:8}{command}"));
}
