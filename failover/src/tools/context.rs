use std::time::Duration;

use anyhow::bail;
use hadoop_ipc::conf::{Configuration, Environment, GenericOptions};
use hadoop_ipc::security::Authentication;

use crate::lock::zookeeper::{ZooKeeperLock, ZooKeeperSession};
use crate::namenode::CallOptions;
use crate::settings::{NameserviceSettings, local_namenode};
use crate::types::NameNodeId;

/// What every tool works with.
#[derive(Debug)]
pub struct Context {
    /// The configuration, as in the files.
    pub conf: Configuration,
    /// The nameservices with more than one NameNode.
    pub nameservices: Vec<NameserviceSettings>,
}

/// Longest wait for one answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

impl Context {
    pub(super) fn load(generic: Vec<String>) -> anyhow::Result<Self> {
        let options = GenericOptions::parse(generic)?;
        if let Some(argument) = options.remaining.first() {
            bail!("unknown argument {argument:?}");
        }
        let conf = options.load(Environment::of_process())?;
        conf.warnings().iter().for_each(|warning| eprintln!("zkfc-rs: {warning}"));
        let nameservices = NameserviceSettings::all(&conf)?;
        if nameservices.is_empty() {
            bail!(
                "no nameservice of dfs.nameservices has two NameNodes in dfs.ha.namenodes.<it>: \
                 there is nothing to look at (--config DIR?)"
            );
        }
        Ok(Self { conf, nameservices })
    }

    /// How NameNodes are called, if this program can: it does not speak Kerberos.
    pub(super) fn calls(&self) -> Result<CallOptions, String> {
        let secure = Authentication::from_configuration(&self.conf);
        if secure.map_err(|error| error.to_string())?.is_secure() {
            return Err("not asked: this tool does not speak Kerberos".to_owned());
        }
        let user = self.conf.environment().property("user.name").map(str::to_owned);
        let options = CallOptions::new(user).without_retries();
        Ok(CallOptions { connect_timeout: PATIENCE, ..options })
    }

    /// The NameNode of this host, if it runs one.
    pub(super) fn local(&self) -> Option<NameNodeId> {
        local_namenode(&self.conf)
    }

    /// `user@host`, for what people leave in ZooKeeper.
    pub(super) fn who(&self) -> String {
        let user = self.conf.environment().property("user.name").unwrap_or("somebody");
        let uname = rustix::system::uname();
        format!("{user}@{}", uname.nodename().to_string_lossy())
    }

    /// The nameservice of that name; the only one, if no name is given.
    pub(super) fn nameservice(&self, name: Option<&str>) -> anyhow::Result<&NameserviceSettings> {
        let names = || {
            let names = self.nameservices.iter().map(|settings| settings.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        match (name, self.nameservices.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => bail!("which nameservice? --nameservice takes one of {}", names()),
            (Some(name), all) => match all.iter().find(|settings| settings.name == name) {
                Some(found) => Ok(found),
                None => bail!("{name:?} is none of {}", names()),
            },
        }
    }
}

/// A session with the ensemble of a nameservice.
pub(super) async fn open(settings: &NameserviceSettings) -> Result<ZooKeeperSession, String> {
    let zookeeper = settings.first_zookeeper()?;
    let lock = ZooKeeperLock::new(zookeeper).map_err(|error| error.to_string())?;
    let opened = lock.session().await;
    opened.map_err(|error| format!("ZooKeeper at {}: {error}", zookeeper.quorum))
}
