use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::hadoop::{
    FailoverControllerKind, HdfsClient, JournalNodeKind, NameNode, Site, java, write_log4j,
};
use crate::inspect::JournalDir;
use crate::lab::Lab;
use crate::process::{Daemon, built_binary, run_to_end, wait_until};
use crate::ssh::{KeyKind, KeyPair, Sshd};

const CORE_SITE: &str = include_str!("../../compat/data/seed/core-site.xml");
const HDFS_SITE: &str = include_str!("../../compat/data/seed/hdfs-site.xml");
const QUORUM: [&str; 3] = ["node1", "node2", "node3"];
const NAMENODES: [&str; 2] = ["nn01", "nn02"];
/// What a server logs when it follows or leads.
const IN_THE_QUORUM: &str = " - broadcast";
const ZOOKEEPER: &str = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
const LIMIT: Duration = Duration::from_secs(120);

/// A user's five hosts with the user's own site files, and a sixth for the client: ZooKeeper and
/// JournalNodes on node1 to node3, NameNodes, controllers and sshd on nn01 and nn02.
#[derive(Debug)]
pub struct UserHosts {
    conf: PathBuf,
    client: Rc<HdfsClient>,
    quorum: Vec<Daemon>,
    namenodes: BTreeMap<String, Daemon>,
    controllers: BTreeMap<String, Daemon>,
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
        let key = KeyPair::generate(&root.join("ssh"), "id_rsa", key)?;
        let mut sshds = Vec::new();
        for name in NAMENODES {
            let host = lab.host(name)?;
            let home = host.home().join(".ssh");
            fs::create_dir_all(&home)?;
            fs::set_permissions(&home, fs::Permissions::from_mode(0o700))?;
            fs::copy(key.private(), home.join("id_rsa"))?;
            sshds.push(Sshd::on_host(&host.launcher(), &root.join(name).join("sshd"), &[&key])?);
        }
        let client = lab.host("client")?;
        let client = HdfsClient::start(&client.launcher(), &conf, &client.log("client"))?;
        let mut hosts = Self {
            conf,
            client: Rc::new(client),
            quorum: Vec::new(),
            namenodes: BTreeMap::new(),
            controllers: BTreeMap::new(),
            _sshds: sshds,
            lab,
        };
        hosts.start_zookeeper()?;
        Ok(hosts)
    }

    /// Hadoop's client and admin tools.
    pub fn client(&self) -> Rc<HdfsClient> {
        self.client.clone()
    }

    fn start_zookeeper(&mut self) -> Result<()> {
        for (index, name) in QUORUM.into_iter().enumerate() {
            let host = self.lab.host(name)?;
            let data = host.var_hadoop().join("zookeeper");
            fs::create_dir_all(&data)?;
            fs::write(data.join("myid"), (index + 1).to_string())?;
            let config = host.var_hadoop().join("zoo.cfg");
            fs::write(&config, zoo_cfg())?;
            let mut command = java(&host.launcher(), &self.conf, ZOOKEEPER)?;
            command.arg("/var/hadoop/zoo.cfg");
            self.quorum.push(Daemon::spawn(name, command, &host.log("zookeeper"))?);
        }
        for (name, daemon) in QUORUM.into_iter().zip(&mut self.quorum) {
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
        let mut started = Vec::new();
        for name in QUORUM {
            let host = self.lab.host(name)?;
            let command = kind.command(&host.launcher(), &self.conf)?;
            started.push(Daemon::spawn(name, command, &host.log("journalnode"))?);
        }
        for (name, daemon) in QUORUM.into_iter().zip(&mut started) {
            let client = &self.client;
            daemon.await_ready("serving", LIMIT, || {
                client.call(&["connect", name, "8485"]).map(Some)
            })?;
        }
        self.quorum.extend(started);
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
        let log = self.lab.host(name)?.log("namenode");
        let daemon = Daemon::spawn(name, self.namenode(name, args)?, &log)?;
        self.namenodes.insert(name.to_owned(), daemon);
        Ok(())
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
        let mut command = java(&self.lab.host(name)?.launcher(), &self.conf, NameNode::CLASS)?;
        command.args(args);
        Ok(command)
    }

    /// `rsync -aSH nn01:/var/hadoop/dfs /var/hadoop/` on another host.
    pub fn carry_over(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.lab.host(from)?, self.lab.host(to)?);
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(from.var_hadoop().join("dfs")).arg(to.var_hadoop());
        ensure!(copy.status()?.success(), "copy from {} to {}", from.name(), to.name());
        Ok(())
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

    /// Starts the controller of a host and does not wait.
    pub fn start_controller(&mut self, name: &str, kind: FailoverControllerKind) -> Result<()> {
        let host = self.lab.host(name)?;
        let command = kind.command(&host.launcher(), &self.conf)?;
        let daemon = Daemon::spawn(&format!("zkfc-{name}"), command, &host.log("zkfc"))?;
        self.controllers.insert(name.to_owned(), daemon);
        Ok(())
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
        let dir = |name: &str| Ok(self.lab.host(name)?.var_hadoop().join("journal/nsd1907"));
        QUORUM.into_iter().map(|name| dir(name).map(JournalDir::at)).collect()
    }

    fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        self.controllers.values().fold(error, |error, daemon| daemon.explain(error))
    }
}

/// Both files, with `more` before the end of the second.
fn write_conf(conf: &Path, more: &Site) -> Result<()> {
    const END: &str = "</configuration>";
    fs::create_dir_all(conf)?;
    fs::write(conf.join("core-site.xml"), CORE_SITE)?;
    let xml = more.xml();
    let added = xml.split_once("<configuration>\n").map_or("", |(_, rest)| rest);
    let whole = match added.strip_suffix("</configuration>\n") {
        Some("") | None => HDFS_SITE.to_owned(),
        Some(added) => HDFS_SITE.replacen(END, &format!("{added}{END}"), 1),
    };
    fs::write(conf.join("hdfs-site.xml"), whole)?;
    write_log4j(conf)
}

fn zoo_cfg() -> String {
    let mut text = String::from(
        "tickTime=200\ninitLimit=50\nsyncLimit=10\nmaxSessionTimeout=60000\n\
         dataDir=/var/hadoop/zookeeper\nadmin.enableServer=false\nclientPort=2181\n",
    );
    for (index, name) in QUORUM.into_iter().enumerate() {
        text += &format!("server.{}={name}:2888:3888\n", index + 1);
    }
    text
}
