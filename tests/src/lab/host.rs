use std::fs::{self, File};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::process::Launcher;

/// Run by `sh` inside a process's own mount and host-name namespaces, with what stands for `/var/hadoop`,
/// the hosts file, the host name, what replaces entries of `/root` (or nothing) and then the command as
/// arguments. `/var` is hidden by a tmpfs, so that the mount point needs no folder on the machine itself.
/// `/root` is put together from its own entries: what replaces some may lie in another one, and an overlay
/// refuses that.
const ENTER: &str = r#"set -e
mount --bind "$1" /mnt
mount --bind "$2" /etc/hosts
mount -t tmpfs tmpfs /var
mkdir -p /var/hadoop /var/tmp
mount --move /mnt /var/hadoop
echo "$3" > /proc/sys/kernel/hostname
if [ -n "$4" ]; then
  mkdir -p /var/home
  cp -a "$4" /var/own
  mount --bind /root /var/home
  mount -t tmpfs -o mode=700 tmpfs /root
  cp -a /var/own/. /root/
  for entry in /var/home/.[!.]* /var/home/*; do
    place="/root/${entry##*/}"
    if [ -e "$place" ] || [ ! -e "$entry" ]; then continue; fi
    if [ -d "$entry" ]; then mkdir "$place"; else touch "$place"; fi
    mount --bind "$entry" "$place"
  done
fi
shift 4
exec "$@""#;

/// One host of a lab.
#[derive(Debug)]
pub struct LabHost {
    pub(super) name: String,
    pub(super) namespace: String,
    /// The bridge's end of its cable.
    pub(super) port: String,
    pub(super) address: String,
    root: PathBuf,
}

impl LabHost {
    pub(super) fn new(name: &str, run: &str, index: usize, root: &Path) -> Result<Self> {
        let root = root.join(name);
        fs::create_dir_all(root.join("var-hadoop"))
            .with_context(|| format!("create {}", root.display()))?;
        Ok(Self {
            name: name.to_owned(),
            namespace: format!("{run}-{name}"),
            port: format!("port{index}"),
            address: format!("10.77.0.{}", index + 11),
            root,
        })
    }

    /// Its name in every host's `/etc/hosts`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs commands on this host.
    pub fn launcher(&self) -> Launcher {
        let net = format!("--net=/var/run/netns/{}", self.namespace);
        let (var, hosts) = (self.var_hadoop(), self.hosts_file());
        let mut prefix = vec!["nsenter".to_owned(), net];
        let unshare = ["unshare", "--mount", "--uts", "--propagation", "private", "--"];
        prefix.extend(unshare.into_iter().map(str::to_owned));
        prefix.extend(["sh", "-c", ENTER, "enter"].map(str::to_owned));
        prefix.extend([var.display().to_string(), hosts.display().to_string(), self.name.clone()]);
        let home = self.home();
        prefix.push(if home.exists() { home.display().to_string() } else { String::new() });
        Launcher::through(prefix)
    }

    /// Does something in a thread of its own that is in the host's network. A socket that comes out of
    /// it stays there.
    pub fn inside<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        let space = File::open(format!("/var/run/netns/{}", self.namespace))?;
        let there = || {
            move_into_link_name_space(space.as_fd(), Some(LinkNameSpaceType::Network))?;
            work()
        };
        let done = std::thread::scope(|scope| scope.spawn(there).join());
        done.map_err(|_| anyhow!("what was done on {} panicked", self.name))?
    }

    /// Its address in every host's `/etc/hosts`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What its processes see as `/var/hadoop`.
    pub fn var_hadoop(&self) -> PathBuf {
        self.root.join("var-hadoop")
    }

    /// What its processes see in `/root` beside what is there, if it exists when they start.
    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// A log file for one of its processes.
    pub fn log(&self, process: &str) -> PathBuf {
        self.root.join(format!("{process}.log"))
    }

    pub(super) fn hosts_file(&self) -> PathBuf {
        self.root.join("hosts")
    }
}
