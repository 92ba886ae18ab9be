use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::LabHost;
use crate::process::{start_time, wait_until};

/// Every namespace is named `<PREFIX>-<pid of the test runner>-<lab's number>-<host>`.
const PREFIX: &str = "hdfsha";
const BRIDGE: &str = "bridge0";
/// A network card that no host has: what is sent there is lost.
const NOBODY: &str = "02:00:00:00:00:99";
/// How long killed processes may take to be gone.
const END_LIMIT: Duration = Duration::from_secs(20);

/// Hosts on a private bridge. Dropping it removes the namespaces, and with them every device.
#[derive(Debug)]
pub struct Lab {
    switch: String,
    hosts: Vec<LabHost>,
}

impl Lab {
    /// Hosts by name, each with its files under `root/<name>`, all able to reach each other.
    pub fn create(root: &Path, names: &[&str]) -> Result<Self> {
        ensure!(rustix::process::geteuid().is_root(), "network namespaces need root");
        Self::remove_left_overs()?;
        let run = next_run();
        let mut hosts = Vec::new();
        for (index, name) in names.iter().enumerate() {
            hosts.push(LabHost::new(name, &run, index, root)?);
        }
        let lab = Self { switch: format!("{run}-switch"), hosts };
        lab.write_hosts_files()?;
        lab.wire()?;
        Ok(lab)
    }

    /// All hosts.
    pub fn hosts(&self) -> &[LabHost] {
        &self.hosts
    }

    /// The host of that name.
    pub fn host(&self, name: &str) -> Result<&LabHost> {
        let host = self.hosts.iter().find(|host| host.name == name);
        host.with_context(|| format!("no host {name} in the lab"))
    }

    /// Pulls the host's cable.
    pub fn cut(&self, name: &str) -> Result<()> {
        ip(&["-n", &self.switch, "link", "set", &self.host(name)?.port, "down"])
    }

    /// Plugs it in again.
    pub fn heal(&self, name: &str) -> Result<()> {
        ip(&["-n", &self.switch, "link", "set", &self.host(name)?.port, "up"])
    }

    /// Loses on the way, without a word, whatever one host sends to another. The other way stays.
    pub fn lose(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.host(from)?, self.host(to)?);
        ip(&[
            "-n",
            &from.namespace,
            "neigh",
            "replace",
            &to.address,
            "lladdr",
            NOBODY,
            "dev",
            "eth0",
            "nud",
            "permanent",
        ])
    }

    /// Lets everything arrive again that a host sends.
    pub fn deliver(&self, from: &str) -> Result<()> {
        let from = &self.host(from)?.namespace;
        ip(&["-n", from, "neigh", "flush", "dev", "eth0", "nud", "permanent"])
    }

    /// Removes the namespaces of runners that are gone, and what still runs in them.
    pub fn remove_left_overs() -> Result<()> {
        let Ok(list) = fs::read_dir("/var/run/netns") else { return Ok(()) };
        for entry in list {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let runner =
                name.strip_prefix(&format!("{PREFIX}-")).and_then(|rest| rest.split_once('-'));
            let Some((pid, _)) = runner else { continue };
            let pid = pid.parse().ok().and_then(Pid::from_raw);
            if pid.and_then(start_time).is_none() {
                remove(&name)?;
            }
        }
        Ok(())
    }

    fn write_hosts_files(&self) -> Result<()> {
        let mut text = String::from("127.0.0.1 localhost\n");
        for host in &self.hosts {
            text.push_str(&format!("{} {}\n", host.address, host.name));
        }
        for host in &self.hosts {
            fs::write(host.hosts_file(), &text)?;
        }
        Ok(())
    }

    fn wire(&self) -> Result<()> {
        let switch = self.switch.as_str();
        ip(&["netns", "add", switch])?;
        ip(&["-n", switch, "link", "add", BRIDGE, "type", "bridge"])?;
        ip(&["-n", switch, "link", "set", BRIDGE, "up"])?;
        for host in &self.hosts {
            let (space, port) = (host.namespace.as_str(), host.port.as_str());
            let address = format!("{}/24", host.address);
            ip(&["netns", "add", space])?;
            ip(&[
                "-n", space, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns",
                switch,
            ])?;
            ip(&["-n", switch, "link", "set", port, "master", BRIDGE, "up"])?;
            ip(&["-n", space, "addr", "add", &address, "dev", "eth0"])?;
            ip(&["-n", space, "link", "set", "eth0", "up"])?;
            ip(&["-n", space, "link", "set", "lo", "up"])?;
        }
        Ok(())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let spaces = self.hosts.iter().map(|host| &host.namespace).chain([&self.switch]);
        for space in spaces {
            if let Err(error) = remove(space) {
                eprintln!("remove namespace {space}: {error:#}");
            }
        }
    }
}

fn next_run() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static LABS: AtomicU32 = AtomicU32::new(0);
    format!("{PREFIX}-{}-{}", std::process::id(), LABS.fetch_add(1, Ordering::Relaxed))
}

fn remove(space: &str) -> Result<()> {
    if !Path::new("/var/run/netns").join(space).exists() {
        return Ok(());
    }
    wait_until(&format!("the processes in {space} to end"), END_LIMIT, || {
        let running = ip_output(&["netns", "pids", space])?;
        let pids = running.lines().filter_map(|line| line.parse().ok().and_then(Pid::from_raw));
        for pid in pids {
            // It may have ended in between.
            let _ = kill_process(pid, Signal::KILL);
        }
        Ok(running.is_empty().then_some(()))
    })?;
    // A sibling lab may have removed a left-over first.
    match ip(&["netns", "del", space]) {
        Err(error) if Path::new("/var/run/netns").join(space).exists() => Err(error),
        _ => Ok(()),
    }
}

fn ip(args: &[&str]) -> Result<()> {
    ip_output(args).map(drop)
}

fn ip_output(args: &[&str]) -> Result<String> {
    let output = match Command::new("ip").args(args).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("ip is not installed: apt-get install iproute2")
        }
        output => output.context("run ip")?,
    };
    if !output.status.success() {
        bail!("ip {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
