use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::Pid;

use super::user_files::{CONTROLLERS_KEY, write_conf, zoo_cfg};
use super::{HostClock, JournalDisk};
use crate::hadoop::{FailoverControllerKind, HdfsClient, JournalNodeKind, NameNode, Site, java};
use crate::inspect::JournalDir;
use crate::lab::Lab;
use crate::process::{Daemon, built_binary, run_to_end, wait_until};
use crate::ssh::{KeyKind, KeyPair, Sshd};

/// The hosts with a JournalNode.
pub const QUORUM: [&str; 3] = ["node1", "node2", "node3"];
/// In the order of their numbers; the last one observes.
const ZOOKEEPERS: [&str; 4] = ["node1", "node2", "node3", "nn01"];
/// The hosts with a NameNode, its controller and an sshd.
pub const NAMENODES: [&str; 2] = ["nn01", "nn02"];
/// What a server logs when it follows or leads.
const IN_THE_QUORUM: &str = " - broadcast";
const ZOOKEEPER: &str = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
const DATANODE: &str = "org.apache.hadoop.hdfs.server.datanode.DataNode";
const LIMIT: Duration = Duration::from_secs(120);

/// A user's five hosts with the user's own site files, and a sixth for the client: ZooKeeper and
/// JournalNodes on node1 to node3, NameNodes, controllers and sshd on nn01 and nn02, and an
/// observer of ZooKeeper on nn01. Each process has `<process>.log` and `<process>.pid` in the
/// folder of its host.
#[derive(Debug)]
pub struct UserHosts {
    conf: PathBuf,
    client: Rc<HdfsClient>,
    quorum: Vec<Daemon>,
    pub(super) journalnodes: BTreeMap<String, Daemon>,
    datanodes: Vec<Daemon>,
    pub(super) namenodes: BTreeMap<String, Daemon>,
    pub(super) controllers: BTreeMap<String, Daemon>,
    _sshds: Vec<Sshd>,
    /// The network between them. Dropped last: with it go the namespaces.
    pub lab: Lab,
}

impl UserHosts {
    /// The hosts, with sshd and ZooKeeper running. The files are the user's byte for byte, unless
    /// there is something to add to them. `/root/.ssh/id_rsa` is a key of that kind.
    pub fn create(root: &Path, key: KeyKind, more: &Site) -> Result<Self> {
        let conf = root.join("conf");
        write_conf(&conf, more)?;
        let hosts = [&QUORUM[..], &NAMENODES, &["client"]].concat();
        let lab = Lab::create(root, &hosts)?;
        let key = KeyPair::generate(&root.join("ssh"), CONTROLLERS_KEY, key)?;
        let mut sshds = Vec::new();
        for name in NAMENODES {
            let host = lab.host(name)?;
            let home = host.home().join(".ssh");
            fs::create_dir_all(&home)?;
            fs::set_permissions(&home, fs::Permissions::from_mode(0o700))?;
            fs::copy(key.private(), home.join(CONTROLLERS_KEY))?;
            sshds.push(Sshd::on_host(&host.launcher(), &root.join(name).join("sshd"), &[&key])?);
        }
        let client = lab.host("client")?;
        let client = HdfsClient::start(&client.launcher(), &conf, &client.log("client"))?;
        let mut hosts = Self {
            conf,
            client: Rc::new(client),
            quorum: Vec::new(),
            journalnodes: BTreeMap::new(),
            datanodes: Vec::new(),
            namenodes: BTreeMap::new(),
            controllers: BTreeMap::new(),
            _sshds: sshds,
            lab,
        };
        hosts.start_zookeeper()?;
        Ok(hosts)
    }

    /// The folder of the site files.
    pub fn conf(&self) -> &Path {
        &self.conf
    }

    /// Lets daemons go that somebody else has killed.
    pub fn reap(&mut self) -> Result<()> {
        let daemons = self.quorum.iter_mut().chain(&mut self.datanodes);
        let daemons = daemons.chain(self.journalnodes.values_mut());
        let daemons = daemons.chain(self.namenodes.values_mut());
        let mut daemons = daemons.chain(self.controllers.values_mut());
        daemons.try_for_each(|daemon| daemon.exited().map(drop))
    }

    /// Hadoop's client and admin tools.
    pub fn client(&self) -> Rc<HdfsClient> {
        self.client.clone()
    }

    fn start_zookeeper(&mut self) -> Result<()> {
        for (index, name) in ZOOKEEPERS.into_iter().enumerate() {
            let host = self.lab.host(name)?;
            let data = host.var_hadoop().join("zookeeper");
            fs::create_dir_all(&data)?;
            fs::write(data.join("myid"), (index + 1).to_string())?;
            fs::write(host.var_hadoop().join("zoo.cfg"), zoo_cfg(&ZOOKEEPERS))?;
            let mut command = java(&host.launcher(), &self.conf, ZOOKEEPER)?;
            command.arg("/var/hadoop/zoo.cfg");
            self.quorum.push(self.spawn(name, "zookeeper", command)?);
        }
        for (name, daemon) in ZOOKEEPERS.into_iter().zip(&mut self.quorum) {
            let client = &self.client;
            daemon.await_ready("serving", LIMIT, || {
                client.call(&["connect", name, "2181"]).map(Some)
            })?;
            // A server listens before it has a leader, and a controller tries to connect once.
            let log = self.lab.host(name)?.log("zookeeper");
            daemon.await_ready("in the quorum", LIMIT, || {
                Ok(fs::read_to_string(&log)?.contains(IN_THE_QUORUM).then_some(()))
            })?;
        }
        Ok(())
    }

    /// Starts the JournalNodes, ours, and waits for them.
    pub fn start_journalnodes(&mut self) -> Result<()> {
        self.start_journalnodes_of(JournalNodeKind::Rust)
    }

    /// Starts the JournalNodes and waits for them.
    pub fn start_journalnodes_of(&mut self, kind: JournalNodeKind) -> Result<()> {
        QUORUM.into_iter().try_for_each(|name| self.start_journalnode_of(kind, name))?;
        QUORUM.into_iter().try_for_each(|name| self.await_journalnode(name))
    }

    /// Starts one JournalNode, ours, and does not wait.
    pub fn start_journalnode(&mut self, name: &str) -> Result<()> {
        self.start_journalnode_of(JournalNodeKind::Rust, name)
    }

    fn start_journalnode_of(&mut self, kind: JournalNodeKind, name: &str) -> Result<()> {
        let host = self.lab.host(name)?;
        let launcher = HostClock::of(host).launcher(&JournalDisk::of(host).launcher()?);
        let command = kind.command(&launcher, &self.conf)?;
        let daemon = self.spawn(name, "journalnode", command)?;
        self.journalnodes.insert(name.to_owned(), daemon);
        Ok(())
    }

    /// Waits until a JournalNode that was started serves.
    pub fn await_journalnode(&mut self, name: &str) -> Result<()> {
        let client = &self.client;
        let daemon = self.journalnodes.get_mut(name).context("not running")?;
        daemon
            .await_ready("serving", LIMIT, || client.call(&["connect", name, "8485"]).map(Some))
            .map(drop)
    }

    /// Starts a DataNode, and waits until the active NameNode counts it.
    pub fn start_datanode(&mut self, name: &str) -> Result<()> {
        let command = java(&self.lab.host(name)?.launcher(), &self.conf, DATANODE)?;
        let mut daemon = self.spawn(name, "datanode", command)?;
        let live = format!("Live datanodes ({})", self.datanodes.len() + 1);
        daemon.await_ready("counted", LIMIT, || {
            Ok(self.client.dfsadmin(&["-report", "-live"])?.contains(&live).then_some(()))
        })?;
        self.datanodes.push(daemon);
        Ok(())
    }

    /// `hdfs namenode <args>` on a host, to its end.
    pub fn namenode_command(&self, name: &str, args: &[&str]) -> Result<()> {
        let (what, log) =
            (format!("{name} {}", args.join(" ")), self.lab.host(name)?.log("namenode"));
        run_to_end(&what, self.namenode(name, args)?, &log, LIMIT)
    }

    /// Starts a NameNode and does not wait.
    pub fn start_namenode(&mut self, name: &str) -> Result<()> {
        self.start_namenode_with(name, &[])
    }

    /// The same with arguments, such as `-D` and a property of this one alone.
    pub fn start_namenode_with(&mut self, name: &str, args: &[&str]) -> Result<()> {
        let daemon = self.spawn(name, "namenode", self.namenode(name, args)?)?;
        self.namenodes.insert(name.to_owned(), daemon);
        Ok(())
    }

    /// The NameNode's process id.
    pub fn namenode_pid(&self, name: &str) -> Result<Pid> {
        Ok(self.namenodes.get(name).context("not running")?.pid())
    }

    /// kill -9.
    pub fn kill_namenode(&mut self, name: &str) -> Result<()> {
        self.namenodes.remove(name).context("not running")?.kill()
    }

    /// Waits until a NameNode ends by itself, having logged something that `what` is part of.
    pub fn await_namenode_end(&mut self, name: &str, what: &str) -> Result<()> {
        let mut daemon = self.namenodes.remove(name).context("not running")?;
        let ended = daemon.await_exit(LIMIT).map_err(|error| daemon.explain(error))?;
        ensure!(!ended.success(), "{name} ended well");
        let log = fs::read_to_string(daemon.log())?;
        ensure!(
            log.contains(what),
            "{name} ended without \"{what}\" in {}",
            daemon.log().display()
        );
        Ok(())
    }

    fn namenode(&self, name: &str, args: &[&str]) -> Result<Command> {
        let host = self.lab.host(name)?;
        let launcher = HostClock::of(host).launcher(&host.launcher());
        let mut command = java(&launcher, &self.conf, NameNode::CLASS)?;
        command.args(args);
        Ok(command)
    }

    /// `rsync -aSH nn01:/var/hadoop/dfs /var/hadoop/` on another host.
    pub fn carry_over(&self, from: &str, to: &str) -> Result<()> {
        let host = self.lab.host(to)?;
        let mut rsync = host.launcher().command("rsync");
        rsync.args(["-aSH", &format!("{from}:/var/hadoop/dfs"), "/var/hadoop/"]);
        // Nobody is there to say yes to the key of a host that is new.
        rsync.env("RSYNC_RSH", "ssh -o StrictHostKeyChecking=accept-new");
        run_to_end(&format!("{to} rsync"), rsync, &host.log("rsync"), LIMIT)
    }

    /// The controller's binary with arguments on a host, to its end.
    pub fn controller_command(
        &self,
        name: &str,
        kind: FailoverControllerKind,
        args: &[&str],
    ) -> Result<()> {
        let host = self.lab.host(name)?;
        let mut command = kind.command(&host.launcher(), &self.conf)?;
        command.args(args);
        run_to_end(&format!("{name} zkfc {}", args.join(" ")), command, &host.log("zkfc"), LIMIT)
    }

    /// One of the tools in our controller's binary on a host, to its end.
    pub fn tool(&self, name: &str, args: &[&str]) -> Result<()> {
        let host = self.lab.host(name)?;
        let mut command = host.launcher().command(built_binary("zkfc-rs")?);
        command.args(args).arg("--config").arg(&self.conf);
        run_to_end(&format!("{name} {}", args.join(" ")), command, &host.log("tools"), LIMIT)
    }

    /// What one of our binaries prints as a tool on a host, whatever it finds.
    pub fn tool_output(&self, name: &str, binary: &str, args: &[&str]) -> Result<String> {
        let mut command = self.lab.host(name)?.launcher().command(built_binary(binary)?);
        let output = command.args(args).arg("--config").arg(&self.conf).output()?;
        let said = String::from_utf8(output.stdout)?;
        // What a tool complains of goes to the other stream, and an answer to this one.
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(!said.is_empty(), "{name} {binary} {}: {complaint}", args.join(" "));
        Ok(said)
    }

    /// `leader`, `follower` or `observer`, of each ZooKeeper server by its host.
    pub fn zookeeper_roles(&self) -> Result<Vec<(&'static str, String)>> {
        let role = |name| {
            let mut ask = self.lab.host("client")?.launcher().command("sh");
            ask.args(["-c", "echo srvr | nc -N -w 5 $0 2181", name]);
            let answer = String::from_utf8(ask.output()?.stdout)?;
            let role = answer.lines().find_map(|line| line.strip_prefix("Mode: "));
            Ok((name, role.with_context(|| format!("{name} says {answer:?}"))?.to_owned()))
        };
        ZOOKEEPERS.into_iter().map(role).collect()
    }

    /// Starts the controller of a host and does not wait.
    pub fn start_controller(&mut self, name: &str, kind: FailoverControllerKind) -> Result<()> {
        let host = self.lab.host(name)?;
        let launcher = HostClock::of(host).launcher(&host.launcher());
        let daemon = self.spawn(name, "zkfc", kind.command(&launcher, &self.conf)?)?;
        self.controllers.insert(name.to_owned(), daemon);
        Ok(())
    }

    fn spawn(&self, name: &str, process: &str, command: Command) -> Result<Daemon> {
        let log = self.lab.host(name)?.log(process);
        let daemon = Daemon::spawn(&format!("{process} of {name}"), command, &log)?;
        fs::write(log.with_extension("pid"), daemon.pid().to_string())?;
        Ok(daemon)
    }

    /// kill -9.
    pub fn kill_controller(&mut self, name: &str) -> Result<()> {
        self.controllers.remove(name).context("not running")?.kill()
    }

    /// Waits until `haadmin -getServiceState` names that state.
    pub fn await_state(&self, id: &str, state: &str) -> Result<()> {
        let waited = wait_until(&format!("{id} to be {state}"), LIMIT, || {
            let said = self.client.haadmin(&["-getServiceState", id])?;
            ensure!(said.contains(state), "it is {said}");
            Ok(Some(()))
        });
        waited.map_err(|error| self.explain(error))
    }

    /// Waits until the controller of a host has logged something that `what` is part of.
    pub fn await_logged(&self, name: &str, what: &str) -> Result<()> {
        let log = self.lab.host(name)?.log("zkfc");
        let waited = wait_until(&format!("\"{what}\" in {}", log.display()), LIMIT, || {
            Ok(fs::read_to_string(&log)?.contains(what).then_some(()))
        });
        waited.map_err(|error| self.explain(error))
    }

    /// The journal's folder on each JournalNode.
    pub fn journal_dirs(&self) -> Result<Vec<JournalDir>> {
        QUORUM.into_iter().map(|name| self.journal_dir(name)).collect()
    }

    /// The journal's folder on one, which must run if it has a disk of its own.
    pub fn journal_dir(&self, name: &str) -> Result<JournalDir> {
        let host = self.lab.host(name)?;
        let disk = JournalDisk::of(host);
        let folder = match self.journalnodes.get(name) {
            Some(daemon) if disk.exists() => JournalDisk::seen_by(daemon.pid()),
            _ => host.var_hadoop().join("journal"),
        };
        Ok(JournalDir::at(folder.join("nsd1907")))
    }

    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        self.controllers.values().fold(error, |error, daemon| daemon.explain(error))
    }
}
